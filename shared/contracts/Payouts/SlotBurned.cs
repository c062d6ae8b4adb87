namespace Payouts.Contracts;

/// <summary>The ledger applied the burning transaction, restoring or not, as SUCCESS or FAILED: the slot is consumed, and nobody was or will be paid on it.</summary>
public sealed record SlotBurned
{
    /// <summary>The payout that owned the slot.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The payout's latest build when the burning was decided, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The place on the ledger that is consumed.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>The burning transaction's hash, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The ledger that applied it.</summary>
    public required uint Ledger { get; init; }
}
