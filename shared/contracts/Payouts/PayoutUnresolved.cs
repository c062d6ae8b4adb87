namespace Payouts.Contracts;

/// <summary>What became of the envelope is not known, and waiting longer will not tell. A human decides; the slot stays owned.</summary>
public sealed record PayoutUnresolved
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The place on the ledger that this payout owns.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>The transaction's hash, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>Why, from the closed list.</summary>
    public required FailureCode Code { get; init; }

    /// <summary>The facts known. Nothing secret.</summary>
    public required string Detail { get; init; }
}
