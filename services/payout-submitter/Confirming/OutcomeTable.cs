using Payouts.Contracts;

namespace Payouts.Submitter.Confirming;

/// <summary>What the ledger says of an envelope that was asked for by its hashes.</summary>
public enum LedgerEvidence
{
    /// <summary>It was applied: <see cref="LedgerJudge"/> reads how.</summary>
    Applied,

    /// <summary>Of a burn: a payment on the same slot was applied in its place; of a watch: one of the slot's payments was applied.</summary>
    RivalApplied,

    /// <summary>Not there, and it can still come.</summary>
    StillValid,

    /// <summary>Not there, it can still come, and a node took it so many ledgers ago that its price must be too low.</summary>
    Late,

    /// <summary>Its validity is over by the ledger's own clock, and one snapshot from after that shows its number unused.</summary>
    Dead,

    /// <summary>Its validity is over, its number is used, and no transaction that is known here used it.</summary>
    NumberConsumed,

    /// <summary>Its validity is over, and the network shows neither the transaction nor an account whose number is unused.</summary>
    NotProvable,
}

/// <summary>What follows from the ledger's word. A closed set; an outcome that is not known never becomes a failure.</summary>
public abstract record OutcomeDecision
{
    private OutcomeDecision()
    {
    }

    /// <summary>The ledger's verdict is the outcome.</summary>
    public sealed record Conclude : OutcomeDecision;

    /// <summary>Ask again later.</summary>
    public sealed record AskAgain : OutcomeDecision;

    /// <summary>Bid more; without a fee account, send it again.</summary>
    public sealed record Raise : OutcomeDecision;

    /// <summary>Proven dead: it may be built again on its slot.</summary>
    public sealed record Expire : OutcomeDecision;

    /// <summary>Waiting longer will not tell.</summary>
    public sealed record TellHuman(FailureCode Code, string Detail) : OutcomeDecision;
}

/// <summary>The one table from the ledger's word to what follows. Pure.</summary>
public static class OutcomeTable
{
    /// <summary>Decides; <paramref name="lastPoll"/> says that the polls allowed after the end of a validity are used up.</summary>
    public static OutcomeDecision Decide(LedgerEvidence evidence, bool lastPoll) => evidence switch
    {
        LedgerEvidence.Applied or LedgerEvidence.RivalApplied => new OutcomeDecision.Conclude(),
        LedgerEvidence.StillValid => new OutcomeDecision.AskAgain(),
        LedgerEvidence.Late => new OutcomeDecision.Raise(),
        LedgerEvidence.Dead => new OutcomeDecision.Expire(),
        LedgerEvidence.NumberConsumed or LedgerEvidence.NotProvable when !lastPoll => new OutcomeDecision.AskAgain(),
        LedgerEvidence.NumberConsumed => new OutcomeDecision.TellHuman(FailureCode.SlotConsumedElsewhere,
            "the slot's sequence number is consumed, but no transaction with this hash is found: RPC retention, a lagging RPC, or another user of the account; compare get_payout of the contract"),
        LedgerEvidence.NotProvable => new OutcomeDecision.TellHuman(FailureCode.OutcomeUnknown, "the network tells neither the transaction nor a proof of its death"),
        _ => throw new ArgumentOutOfRangeException(nameof(evidence), evidence, "this is no evidence"),
    };
}
