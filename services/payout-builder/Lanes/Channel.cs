namespace Payouts.Builder.Lanes;

/// <summary>
/// A transaction source account and the next free place in its lane. The ledger applies one transaction per account and sequence
/// number; this row is the sequence number's owner of record, the chain is asked only to reconcile.
/// </summary>
public sealed class Channel
{
    /// <summary>The account, G...</summary>
    public required string Account { get; init; }

    /// <summary>The next sequence number to lease; null until the ledger was asked.</summary>
    public long? NextSequence { get; set; }

    /// <summary>The payout that owns the lane's open slot; null when the channel is free. With the sequence number it fences a late release.</summary>
    public Guid? LeasedTo { get; set; }

    /// <summary>The open slot's sequence number.</summary>
    public long? LeasedSequence { get; set; }

    /// <summary>When the channel was last given or released: the least recently used goes first.</summary>
    public DateTimeOffset LastUsedAt { get; set; }
}
