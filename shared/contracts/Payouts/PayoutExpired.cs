namespace Payouts.Contracts;

/// <summary>
/// Proven dead: the envelope's validity is over on the ledger and its slot is not consumed. The payout may be rebuilt on the same slot.
/// </summary>
public sealed record PayoutExpired
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The place on the ledger that this payout owns.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>The transaction's hash, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The ledger at which the account entry was read.</summary>
    public required uint ProvenAtLedger { get; init; }
}
