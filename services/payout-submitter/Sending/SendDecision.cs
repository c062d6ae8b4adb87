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

    /// <summary>Tell a human now, and go on watching: the envelope stays spendable until its validity ends.</summary>
    public sealed record TellHuman(string Detail) : SendDecision;
}

/// <summary>The one table from the network's answer to what follows.</summary>
public static class SendTable
{
    // TRY_AGAIN_LATER is also what a node says of a transaction that was applied lately, so the pauses are short at first.
    private static readonly int[] PausesSeconds = [1, 2, 5, 10, 15, 22, 33, 50, 75, 113, 120];

    /// <summary>Decides; <paramref name="tries"/> counts the sends so far, this one included.</summary>
    public static SendDecision Decide(SendOutcome outcome, int tries) => outcome switch
    {
        SendOutcome.Pending pending => new SendDecision.Watch(pending.LatestLedger),
        SendOutcome.Duplicate duplicate => new SendDecision.Watch(duplicate.LatestLedger),
        SendOutcome.TryAgainLater => new SendDecision.SendAgain(Pause(tries)),
        SendOutcome.NotSent => new SendDecision.SendAgain(Pause(tries)),
        // The same bytes again can only help: if they arrived, the second copy is a DUPLICATE or a used sequence number.
        SendOutcome.Unknown => new SendDecision.SendAgain(Pause(tries)),
        SendOutcome.Refused refused => Decide(refused.Code, tries),
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no send outcome"),
    };

    private static SendDecision Decide(TransactionResultCode? code, int tries) => code switch
    {
        // A used sequence number is what our own applied transaction looks like from here; a lagging node says it too.
        TransactionResultCode.txBAD_SEQ => new SendDecision.AskLedger(),
        // An earlier copy may still be included: only the ledger's close time proves that it is over.
        TransactionResultCode.txTOO_LATE => new SendDecision.AskLedger(),
        // Prices rose or the channel is poor: both can change while the envelope lives.
        TransactionResultCode.txINSUFFICIENT_FEE or TransactionResultCode.txINSUFFICIENT_BALANCE => new SendDecision.SendAgain(Pause(tries)),
        TransactionResultCode.txTOO_EARLY or TransactionResultCode.txINTERNAL_ERROR => new SendDecision.SendAgain(Pause(tries)),
        null => new SendDecision.SendAgain(Pause(tries)),
        { } other => new SendDecision.TellHuman($"the network refuses the envelope: {other}"),
    };

    private static TimeSpan Pause(int tries) => TimeSpan.FromSeconds(PausesSeconds[Math.Clamp(tries - 1, 0, PausesSeconds.Length - 1)]);

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
