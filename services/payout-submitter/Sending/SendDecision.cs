using Payouts.Contracts;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;

namespace Payouts.Submitter.Sending;

/// <summary>What follows from one answer to a send. None of them is "failed": only the ledger says that.</summary>
public abstract record SendDecision
{
    private SendDecision()
    {
    }

    /// <summary>A node has it: watch the ledger.</summary>
    public sealed record Watch(uint Ledger) : SendDecision;

    /// <summary>It may be on the ledger already, or can no longer get there: ask the ledger now.</summary>
    public sealed record AskLedger : SendDecision;

    /// <summary>Send the same bytes again after a pause.</summary>
    public sealed record SendAgain(TimeSpan Pause) : SendDecision;

    /// <summary>The account's next number is a smaller one: send when the one before it is done. That is no refusal, and no try.</summary>
    public sealed record WaitTurn : SendDecision;

    /// <summary>Tell a human now, and go on watching: the envelope stays spendable until its validity ends.</summary>
    public sealed record TellHuman(string Detail) : SendDecision;
}

/// <summary>Where the slot's account stands on the ledger, seen from the slot's number.</summary>
public enum SlotPlace
{
    /// <summary>Not asked, or the network did not say.</summary>
    NotAsked,

    /// <summary>Other numbers come first.</summary>
    Later,

    /// <summary>The next transaction of the account takes it.</summary>
    Next,

    /// <summary>A transaction took it, ours or another.</summary>
    Consumed,

    /// <summary>There is no such account now; it may have been merged away after it took the number.</summary>
    NoAccount,
}

/// <summary>The one table from the network's answer to what follows.</summary>
public static class SendTable
{
    // A reply that got lost: most often the next one arrives.
    private static readonly int[] PausesSeconds = [1, 2, 5, 10, 15, 22, 33, 50, 75, 113, 120];

    // A node that will not take it now: a ledger or three for what is pending to go, then ever more rarely, for a ban lasts ten ledgers.
    private static readonly int[] TryAgainLaterPausesSeconds = [5, 10, 15, 10, 15, 22, 33, 50, 75, 113, 120];

    /// <summary>Decides; <paramref name="tries"/> counts the sends so far, this one included.</summary>
    /// <param name="outcome">What the network answered.</param>
    /// <param name="tries">At least 1.</param>
    /// <param name="place">After txBAD_SEQ, what the account itself says.</param>
    public static SendDecision Decide(SendOutcome outcome, int tries, SlotPlace place) => outcome switch
    {
        SendOutcome.Pending pending => new SendDecision.Watch(pending.LatestLedger),
        SendOutcome.Duplicate duplicate => new SendDecision.Watch(duplicate.LatestLedger),
        SendOutcome.TryAgainLater => new SendDecision.SendAgain(Pause(TryAgainLaterPausesSeconds, tries)),
        SendOutcome.NotSent => new SendDecision.SendAgain(Pause(PausesSeconds, tries)),
        // The same bytes again can only help: if they arrived, the second copy is a DUPLICATE or a used sequence number.
        SendOutcome.Unknown => new SendDecision.SendAgain(Pause(PausesSeconds, tries)),
        SendOutcome.Refused refused => Decide(refused.Code, tries, place),
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no send outcome"),
    };

    private static SendDecision Decide(TransactionResultCode? code, int tries, SlotPlace place) => code switch
    {
        TransactionResultCode.txBAD_SEQ => place switch
        {
            SlotPlace.Later => new SendDecision.WaitTurn(),
            // A used sequence number is what our own applied transaction looks like from here.
            SlotPlace.Consumed or SlotPlace.NoAccount => new SendDecision.AskLedger(),
            // The node that refused it lags, or the number came free since.
            _ => new SendDecision.SendAgain(Pause(PausesSeconds, tries)),
        },
        // An earlier copy may still be included: only the ledger's close time proves that it is over.
        TransactionResultCode.txTOO_LATE => new SendDecision.AskLedger(),
        // Prices rose or the channel is poor: both can change while the envelope lives.
        TransactionResultCode.txINSUFFICIENT_FEE or TransactionResultCode.txINSUFFICIENT_BALANCE => new SendDecision.SendAgain(Pause(PausesSeconds, tries)),
        TransactionResultCode.txTOO_EARLY or TransactionResultCode.txINTERNAL_ERROR => new SendDecision.SendAgain(Pause(PausesSeconds, tries)),
        null => new SendDecision.SendAgain(Pause(PausesSeconds, tries)),
        { } other => new SendDecision.TellHuman($"the network refuses the envelope: {other}"),
    };

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
