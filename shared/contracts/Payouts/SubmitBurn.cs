namespace Payouts.Contracts;

/// <summary>Command to payout-submitter: bring the burning envelope to the ledger and find out which transaction consumed the slot.</summary>
public sealed record SubmitBurn
{
    /// <summary>The payout that owns the slot.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The payout's latest build, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>What the envelopes on the slot would have paid.</summary>
    public required PayoutOrder Order { get; init; }

    /// <summary>The place on the ledger to consume.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>Hashes of the envelopes that were handed out on this slot, to be looked for when the slot is found consumed.</summary>
    public required IReadOnlyList<string> Envelopes { get; init; }

    /// <summary>The burning transaction's hash, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The signed TransactionEnvelope, base64 XDR. Never logged.</summary>
    public required string SignedXdr { get; init; }

    /// <summary>The envelope's maxTime.</summary>
    public required DateTimeOffset ValidUntil { get; init; }
}
