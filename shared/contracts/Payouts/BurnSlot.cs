namespace Payouts.Contracts;

/// <summary>
/// Command to payout-signer, which holds the channels' keys: consume the slot with a transaction that does nothing, or that only restores
/// archived entries. Once the ledger has applied it, no envelope on the slot can pay any more.
/// </summary>
public sealed record BurnSlot
{
    /// <summary>The payout that owns the slot.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The payout's latest build, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>What the envelopes on the slot would pay.</summary>
    public required PayoutOrder Order { get; init; }

    /// <summary>The place on the ledger to consume.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>Hashes of the envelopes that were handed out on this slot: one of them may have come first.</summary>
    public required IReadOnlyList<string> Envelopes { get; init; }

    /// <summary>The inclusion fee to bid, in stroops of the native asset; a restoring transaction pays its resource fee besides.</summary>
    public required long FeeStroops { get; init; }

    /// <summary>The burning envelope's maxTime; when it passes without a word, the command comes again.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>
    /// What the transaction that consumes the slot restores: footprint, resources and resource fee of a RestoreFootprint transaction, base64 XDR
    /// of a SorobanTransactionData. Null: nothing.
    /// </summary>
    public string? RestoreXdr { get; init; }
}
