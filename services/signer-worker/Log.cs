using Microsoft.Extensions.Logging;

namespace Payouts.SignerWorker;

/// <summary>Everything the worker says. Ids and reasons; never an envelope or a signature.</summary>
internal static partial class Log
{
    [LoggerMessage(LogLevel.Debug, "request {requestId}: payout {payoutId} is signed")]
    public static partial void RequestSigned(this ILogger logger, Guid requestId, Guid payoutId);

    [LoggerMessage(LogLevel.Warning, "request {requestId}: payout {payoutId} is rejected: {reason}")]
    public static partial void RequestRejected(this ILogger logger, Guid requestId, Guid payoutId, string reason);

    [LoggerMessage(LogLevel.Warning, "request {requestId}: payout {payoutId} is not signed yet and is tried again: {reason}")]
    public static partial void SigningFailed(this ILogger logger, Guid requestId, Guid payoutId, string reason);

    [LoggerMessage(LogLevel.Information, "request {requestId}: payout {payoutId} is past its deadline and is left")]
    public static partial void RequestTooLate(this ILogger logger, Guid requestId, Guid payoutId);
}
