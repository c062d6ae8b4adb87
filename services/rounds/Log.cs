using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;
using Payouts.Rounds.Webhooks;

namespace Payouts.Rounds;

/// <summary>Everything that this service logs.</summary>
internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "round {roundId} is resolved by {policy} v{version}: {outcome}, {payouts} payouts, {owed} owed")]
    public static partial void RoundResolved(ILogger logger, string roundId, string policy, int version, ResolutionOutcome outcome, int payouts, Stroops owed);

    [LoggerMessage(LogLevel.Information, "checkpoint {seq} holds {rounds} trails: {hash}")]
    public static partial void Checkpointed(ILogger logger, long seq, int rounds, string hash);

    [LoggerMessage(LogLevel.Warning, "round {roundId} is cancelled by {by}: {why}")]
    public static partial void RoundCancelled(ILogger logger, string roundId, string by, string why);

    [LoggerMessage(LogLevel.Information, "round {roundId} is settled: {payouts} payouts, {paid} paid")]
    public static partial void RoundSettled(ILogger logger, string roundId, int payouts, Stroops paid);

    [LoggerMessage(LogLevel.Debug, "{eventName} of round {roundId} waits: {missing}")]
    public static partial void EventParked(ILogger logger, string eventName, string roundId, string missing);

    [LoggerMessage(LogLevel.Warning, "{eventName} of round {roundId} is refused: {code}: {detail}")]
    public static partial void EventRefused(ILogger logger, string eventName, string roundId, RefusalCode code, string detail);

    [LoggerMessage(LogLevel.Information, "direct payout {reference} is ordered by {orderedBy}: {amount} {currency}")]
    public static partial void DirectPayoutOrdered(ILogger logger, string reference, Stroops amount, string currency, string orderedBy);

    [LoggerMessage(LogLevel.Error, "direct payout {reference}: it is confirmed, but {paid} is paid and {owed} owed: look at it on the ledger")]
    public static partial void DirectPaidIsNotOwed(ILogger logger, string reference, Stroops paid, Stroops owed);

    [LoggerMessage(LogLevel.Error, "round {roundId}: every payout is confirmed, but {paid} is paid and {owed} owed; the round stays RESOLVED until somebody looks")]
    public static partial void PaidIsNotOwed(ILogger logger, string roundId, Stroops paid, Stroops owed);

    [LoggerMessage(LogLevel.Information, "{endpoint}: delivery {id}, {eventName} of round {roundId}, was not taken in try {tries}: {outcome}: {detail}")]
    public static partial void WebhookMissed(ILogger logger, string endpoint, long id, string eventName, string roundId, int tries, WebhookOutcome outcome, string detail);

    [LoggerMessage(LogLevel.Error, "{endpoint}: delivery {id}, {eventName} of round {roundId}, is given up: {detail}; replay it when the receiver is well")]
    public static partial void WebhookGivenUp(ILogger logger, string endpoint, long id, string eventName, string roundId, string detail);
}
