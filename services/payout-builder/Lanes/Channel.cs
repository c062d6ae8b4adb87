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

    /// <summary>Slots of the lane that the ledger has not consumed yet, those without a payout included. Changed with the slots' rows, under this row's lock.</summary>
    public int OpenSlots { get; set; }

    /// <summary>When a slot of the lane was last given or ended: the least recently used goes first.</summary>
    public DateTimeOffset LastUsedAt { get; set; }

    /// <summary>After an uncertain outcome the lane rests until then: what nobody heard of may still be on its way through a node's queue.</summary>
    public DateTimeOffset? RestsUntil { get; set; }
}
