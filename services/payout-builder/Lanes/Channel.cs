namespace Payouts.Builder.Lanes;

/// <summary>Whether a channel can be leased, and if not why.</summary>
public enum ChannelState
{
    /// <summary>It gets the next payout.</summary>
    Free,

    /// <summary>It holds as many slots as PAYOUTS_LANE_DEPTH allows.</summary>
    Full,

    /// <summary>It rests after an outcome that nobody knows for sure.</summary>
    Resting,

    /// <summary>The ledger did not show its sequence number yet: the account does not exist, or was not read.</summary>
    Unread,

    /// <summary>The settings do not list it any more. Slots that it still holds may never end: payout-signer has no key for them.</summary>
    Removed,

    /// <summary>It gets no new slot; those that it holds end as ever.</summary>
    Retiring,

    /// <summary>It gets no new slot and holds none.</summary>
    Drained,
}

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

    /// <summary>Whether PAYOUT_CHANNEL_ACCOUNTS lists it (without any: whether it is the payout source account); one that is not listed gets no new slot.</summary>
    public bool Listed { get; set; } = true;

    /// <summary>Since when it gets no new slot, so that its account may be merged once it is drained; null: it is in use.</summary>
    public DateTimeOffset? RetiringSince { get; set; }

    /// <summary>Who retired it.</summary>
    public string? RetiredBy { get; set; }

    /// <summary>Why.</summary>
    public string? RetiredReason { get; set; }

    /// <summary>
    /// Taken back into use: no number is leased before the ledger was read at this ledger or a later one. The account may be a new one by then,
    /// whose numbers begin far above those that are known here.
    /// </summary>
    public long? ReadFromLedger { get; set; }

    /// <summary>Nothing of it is open and nothing can be any more: its account may go.</summary>
    public bool IsDrained => RetiringSince is not null && OpenSlots == 0;

    /// <summary>What becomes of a payout that waits for it.</summary>
    public ChannelState StateAt(DateTimeOffset now, int depth) => this switch
    {
        { IsDrained: true } => ChannelState.Drained,
        { RetiringSince: not null } => ChannelState.Retiring,
        { Listed: false } => ChannelState.Removed,
        { NextSequence: null } or { ReadFromLedger: not null } => ChannelState.Unread,
        { RestsUntil: { } until } when until > now => ChannelState.Resting,
        _ => OpenSlots >= depth ? ChannelState.Full : ChannelState.Free,
    };
}
