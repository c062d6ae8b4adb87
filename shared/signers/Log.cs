using Microsoft.Extensions.Logging;

namespace Payouts.Signers;

/// <summary>Everything that is said about the key's provider; never a signature, a PIN, a token or an envelope.</summary>
internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{provider}: try {attempt} failed and is made again: {reason}")]
    public static partial void TriedAgain(this ILogger logger, string provider, int attempt, string? reason);

    [LoggerMessage(LogLevel.Information, "{provider}: holds the key of the payout source account {account}")]
    public static partial void KeyProven(this ILogger logger, string provider, string account);

    [LoggerMessage(LogLevel.Warning, "{provider}: the public key cannot be read, nothing is signed until it can: {reason}")]
    public static partial void KeyUnknown(this ILogger logger, string provider, string reason);
}
