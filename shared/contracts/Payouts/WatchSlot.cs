namespace Payouts.Contracts;

/// <summary>
/// Command to payout-submitter: find out what becomes of a slot whose envelopes may be signed anywhere, seen here or not. The answer is
/// what the ledger shows: one of them was applied, the number was consumed otherwise, or <see cref="SlotProvenUnused"/>.
/// </summary>
public sealed record WatchSlot
{
    /// <summary>The payout that owns the slot.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The payout's latest build, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>What the envelopes on the slot would pay.</summary>
    public required PayoutOrder Order { get; init; }

    /// <summary>The place on the ledger.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>Hashes of the envelopes that were handed out on this slot.</summary>
    public required IReadOnlyList<string> Envelopes { get; init; }

    /// <summary>No envelope on the slot has a later maxTime.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>No envelope on the slot has a higher maxLedger.</summary>
    public required uint MaxLedger { get; init; }
}
