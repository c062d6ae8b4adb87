namespace Payouts.Submitter;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "the ledger's events before ledger {oldest} are gone from the RPC; submissions are checked by hash instead")]
    public static partial void EventsForgotten(ILogger logger, uint oldest);

    [LoggerMessage(LogLevel.Error, "payout {payoutId}: transaction {hash} needs a human: {code}: {detail}")]
    public static partial void NeedsHuman(ILogger logger, Guid payoutId, string hash, string code, string detail);

    [LoggerMessage(LogLevel.Information, "payout {payoutId}: transaction {hash} is not taken at its price; a fee bump to {feeStroops} stroops is asked for")]
    public static partial void FeeRaised(ILogger logger, Guid payoutId, string hash, long feeStroops);

    [LoggerMessage(LogLevel.Warning, "payout {payoutId}: transaction {hash} is FAILED on ledger {ledger}: {detail}")]
    public static partial void FailedOnLedger(ILogger logger, Guid payoutId, string hash, uint ledger, string detail);
}
