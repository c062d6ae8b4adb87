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

    /// <summary>Bid more for the same envelope; where that is not possible, send it again after the pause.</summary>
    /// <param name="AskedFee">The whole fee that the network named, in stroops; 0: none.</param>
    /// <param name="PauseOtherwise">Without a fee account.</param>
    public sealed record BidMore(long AskedFee, TimeSpan PauseOtherwise) : SendDecision;

    /// <summary>The account that pays for fee bumps is missing or poor: only a human helps.</summary>
    public sealed record FundFeeAccount : SendDecision;

    /// <summary>Tell a human now, and go on watching: the envelope stays spendable until its validity ends.</summary>
    public sealed record TellHuman(string Detail) : SendDecision;
}
