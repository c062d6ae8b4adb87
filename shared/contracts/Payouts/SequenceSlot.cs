namespace Payouts.Contracts;

/// <summary>
/// A place in a channel's lane: the ledger applies at most one transaction per (account, sequence number), so every
/// transaction ever built for a payout uses the payout's one slot.
/// </summary>
public sealed record SequenceSlot
{
    /// <summary>The transaction's source account, G...</summary>
    public required string Channel { get; init; }

    /// <summary>The sequence number that the transaction consumes.</summary>
    public required long SequenceNumber { get; init; }
}
