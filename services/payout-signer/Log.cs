using Microsoft.Extensions.Logging;

namespace Payouts.Signer;

/// <summary>Everything the signer says. Ids, counts and reasons; never XDR, a signature or a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "payout {payoutId}: round {roundId} announces it again with {field}; the first order stays, nothing is signed for the other")]
    public static partial void OrderConflict(this ILogger logger, Guid payoutId, string roundId, string field);

    [LoggerMessage(LogLevel.Error, "payout {payoutId} attempt {attempt}: not signed: {reason}")]
    public static partial void Refused(this ILogger logger, Guid payoutId, int attempt, string reason);

    [LoggerMessage(LogLevel.Information, "payout {payoutId} attempt {attempt}: request {requestId} waits for the round's order")]
    public static partial void AwaitsOrder(this ILogger logger, Guid payoutId, int attempt, Guid requestId);

    [LoggerMessage(LogLevel.Warning, "payout {payoutId} attempt {attempt}: request {requestId} is held by the policy: {rule}: {detail}")]
    public static partial void Held(this ILogger logger, Guid payoutId, int attempt, Guid requestId, string rule, string detail);

    [LoggerMessage(LogLevel.Warning, "{subject} is {step} by {byWhom}: {reason}")]
    public static partial void Switched(this ILogger logger, string subject, string step, string byWhom, string reason);

    [LoggerMessage(LogLevel.Debug, "payout {payoutId} attempt {attempt}: request {requestId} goes to whoever keeps the key")]
    public static partial void Asked(this ILogger logger, Guid payoutId, int attempt, Guid requestId);

    [LoggerMessage(LogLevel.Debug, "payout {payoutId} attempt {attempt}: request {requestId} is signed")]
    public static partial void Signed(this ILogger logger, Guid payoutId, int attempt, Guid requestId);

    [LoggerMessage(LogLevel.Debug, "payout {payoutId} attempt {attempt}: request {requestId} has signatures of weight {weight}, {threshold} is needed")]
    public static partial void Gathered(this ILogger logger, Guid payoutId, int attempt, Guid requestId, int weight, int threshold);

    [LoggerMessage(LogLevel.Warning, "payout {payoutId} attempt {attempt}: {key} does not sign request {requestId}: {reason}")]
    public static partial void OneRejected(this ILogger logger, Guid payoutId, int attempt, Guid requestId, string key, string reason);

    [LoggerMessage(LogLevel.Warning, "payout {payoutId} attempt {attempt}: the external signer rejects request {requestId}: {reason}")]
    public static partial void Rejected(this ILogger logger, Guid payoutId, int attempt, Guid requestId, string reason);

    [LoggerMessage(LogLevel.Warning, "request {requestId}: answer refused: {problem}: {detail}")]
    public static partial void AnswerRefused(this ILogger logger, Guid requestId, string problem, string detail);

    [LoggerMessage(LogLevel.Warning, "payout {payoutId} attempt {attempt}: request {requestId} waits on: {provider} did not sign: {reason}")]
    public static partial void KeyFailed(this ILogger logger, Guid payoutId, int attempt, Guid requestId, string provider, string reason);

    [LoggerMessage(LogLevel.Warning, "hot-key mode: this process holds the secret of the payout source account {account}")]
    public static partial void HotKeyMode(this ILogger logger, string account);
}
