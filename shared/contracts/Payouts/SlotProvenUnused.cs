namespace Payouts.Contracts;

/// <summary>
/// One snapshot of the ledger shows the slot's number unused when no envelope of the given validity could be applied any more. Such
/// envelopes are dead, also those that nobody here has seen signed: the slot is as good as never used.
/// </summary>
public sealed record SlotProvenUnused
{
    /// <summary>The payout that owned the slot.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The payout's latest build when it was asked, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The place on the ledger.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>Proven for envelopes with a maxTime until here; one that lives longer is not proven dead.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>Proven for envelopes with a maxLedger until here.</summary>
    public required uint MaxLedger { get; init; }

    /// <summary>The ledger at which the account entry was read.</summary>
    public required uint ProvenAtLedger { get; init; }
}
