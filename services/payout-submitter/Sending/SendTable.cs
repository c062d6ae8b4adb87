using Payouts.Contracts;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Submitter.Sending;

/// <summary>The one table from the network's answer to what follows.</summary>
public static class SendTable
{
    // A reply that got lost: most often the next one arrives.
    private static readonly int[] PausesSeconds = [1, 2, 5, 10, 15, 22, 33, 50, 75, 113, 120];

    // A node that will not take it now: a ledger or three for what is pending to go, then ever more rarely, for a ban lasts ten ledgers.
    private static readonly int[] TryAgainLaterPausesSeconds = [5, 10, 15, 10, 15, 22, 33, 50, 75, 113, 120];

    /// <summary>Decides.</summary>
    public static SendDecision Decide(SendEvidence evidence) => evidence.Outcome switch
    {
        SendOutcome.Pending pending => new SendDecision.Watch(pending.LatestLedger),
        SendOutcome.Duplicate duplicate => new SendDecision.Watch(duplicate.LatestLedger),
        SendOutcome.TryAgainLater when evidence.Price == PriceView.TooLow => new SendDecision.BidMore(0, Pause(TryAgainLaterPausesSeconds, evidence.Tries)),
        SendOutcome.TryAgainLater => new SendDecision.SendAgain(Pause(TryAgainLaterPausesSeconds, evidence.Tries)),
        SendOutcome.NotSent => Again(evidence),
        // The same bytes again can only help: if they arrived, the second copy is a DUPLICATE or a used sequence number.
        SendOutcome.Unknown => Again(evidence),
        SendOutcome.Refused refused => Decide(refused, evidence),
        var other => throw new InvalidOperationException($"{other.GetType().Name} is no send outcome"),
    };

    private static SendDecision Decide(SendOutcome.Refused refused, SendEvidence evidence) => evidence.Bumped ? DecideBump(refused, evidence) : Decide(refused.Code, refused, evidence);

    /// <summary>A fee bump is judged by its own result, and where that points inside, by the envelope's.</summary>
    private static SendDecision DecideBump(SendOutcome.Refused refused, SendEvidence evidence) => refused.Code switch
    {
        TransactionResultCode.txFEE_BUMP_INNER_FAILED when InnerCode(refused) is { } inner => Decide(inner, refused, evidence),
        // Of the account that pays, not of the channel.
        TransactionResultCode.txINSUFFICIENT_BALANCE or TransactionResultCode.txNO_ACCOUNT => new SendDecision.FundFeeAccount(),
        var own => Decide(own, refused, evidence),
    };

    private static SendDecision Decide(TransactionResultCode? code, SendOutcome.Refused refused, SendEvidence evidence) => code switch
    {
        TransactionResultCode.txBAD_SEQ => evidence.Place switch
        {
            SlotPlace.Later => new SendDecision.WaitTurn(),
            // A used sequence number is what our own applied transaction looks like from here.
            SlotPlace.Consumed or SlotPlace.NoAccount => new SendDecision.AskLedger(),
            // The node that refused it lags, or the number came free since.
            _ => Again(evidence),
        },
        // An earlier copy may still be included: only the ledger's close time proves that it is over.
        TransactionResultCode.txTOO_LATE => new SendDecision.AskLedger(),
        TransactionResultCode.txINSUFFICIENT_FEE => new SendDecision.BidMore(Math.Max(0, refused.FeeCharged ?? 0), Pause(PausesSeconds, evidence.Tries)),
        // The channel is poor; a fee bump is paid by the fee account.
        TransactionResultCode.txINSUFFICIENT_BALANCE => evidence.Bumped ? Again(evidence) : new SendDecision.BidMore(0, Pause(PausesSeconds, evidence.Tries)),
        TransactionResultCode.txTOO_EARLY or TransactionResultCode.txINTERNAL_ERROR => Again(evidence),
        null => Again(evidence),
        { } other => new SendDecision.TellHuman($"the network refuses the envelope: {other}"),
    };

    private static SendDecision.SendAgain Again(SendEvidence evidence) => new(Pause(PausesSeconds, evidence.Tries));

    /// <summary>The code that speaks of the envelope itself: of a fee bump the inner one, when it has one.</summary>
    public static TransactionResultCode? CodeOfEnvelope(SendOutcome outcome) => outcome is SendOutcome.Refused refused ? InnerCode(refused) ?? refused.Code : null;

    private static TransactionResultCode? InnerCode(SendOutcome.Refused refused) =>
        refused.Result.TryDecode(out var result) && result.Result is TransactionResultResult.TxFeeBumpInnerFailed { Value.Result.Result: var inner } ? inner.Discriminant : null;

    /// <summary>Reads an account from one number's point of view.</summary>
    public static SlotPlace PlaceOf(AccountSnapshot account, long sequenceNumber) => account.SequenceNumber switch
    {
        null => SlotPlace.NoAccount,
        { } used when used >= sequenceNumber => SlotPlace.Consumed,
        { } used when used == sequenceNumber - 1 => SlotPlace.Next,
        _ => SlotPlace.Later,
    };

    private static TimeSpan Pause(int[] seconds, int tries) => TimeSpan.FromSeconds(seconds[Math.Clamp(tries - 1, 0, seconds.Length - 1)]);

    /// <summary>The answer in the network's own word, for the record and the metric: a closed list.</summary>
    public static string NameOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Pending => "PENDING",
        SendOutcome.Duplicate => "DUPLICATE",
        SendOutcome.TryAgainLater => "TRY_AGAIN_LATER",
        SendOutcome.Refused refused => refused.Code?.ToString() ?? "ERROR",
        SendOutcome.NotSent => "NOT_SENT",
        SendOutcome.Unknown => "UNKNOWN",
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no send outcome"),
    };
}
