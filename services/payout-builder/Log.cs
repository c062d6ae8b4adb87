namespace Payouts.Builder;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "round {roundId}: {payouts} payouts planned")]
    public static partial void RoundPlanned(ILogger logger, string roundId, int payouts);

    [LoggerMessage(LogLevel.Information, "direct payout {reference} is planned")]
    public static partial void DirectPayoutPlanned(ILogger logger, string reference);

    [LoggerMessage(LogLevel.Information, "{ready} of {configured} channel accounts are ready")]
    public static partial void ChannelsReady(ILogger logger, int ready, int configured);

    [LoggerMessage(LogLevel.Warning, "channel account {account} does not exist on the network yet; create and fund it")]
    public static partial void ChannelMissing(ILogger logger, string account);

    [LoggerMessage(LogLevel.Warning, "channel {account} is not listed in PAYOUT_CHANNEL_ACCOUNTS any more and has {openSlots} open slots, whose envelopes payout-signer can no longer sign or burn; list it again, retire it, and remove it when it is drained")]
    public static partial void ChannelRemoved(ILogger logger, string account, int openSlots);

    [LoggerMessage(LogLevel.Information, "channel {account} retires: it gets no new slot, {openSlots} are open")]
    public static partial void ChannelRetires(ILogger logger, string account, int openSlots);

    [LoggerMessage(LogLevel.Information, "channel {account} is in use again")]
    public static partial void ChannelKept(ILogger logger, string account);

    [LoggerMessage(LogLevel.Warning, "channel {account}: something else consumed sequence numbers up to {ledgerSequence}; the lane goes on behind it")]
    public static partial void LaneMovedOutside(ILogger logger, string account, long ledgerSequence);

    [LoggerMessage(LogLevel.Warning, "payout {payoutId} attempt {attempt}: not built: {code}: {detail}")]
    public static partial void NotBuilt(ILogger logger, Guid payoutId, int attempt, string code, string detail);

    [LoggerMessage(LogLevel.Warning, "no authorization can be asked for: the network cannot be asked for its ledger: {reason}")]
    public static partial void NoAuthorizationAsked(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Critical, "reconciliation: {kind}: {detail}")]
    public static partial void BooksDiffer(ILogger logger, string kind, string detail);

    [LoggerMessage(LogLevel.Information, "reconciliation: no longer {kind}: {detail}")]
    public static partial void BooksAgreeAgain(ILogger logger, string kind, string detail);
}
