namespace Payouts.Contracts;

/// <summary>Command to payout-submitter: bring the signed envelope to the ledger and find out what became of it.</summary>
public sealed record SubmitPayout
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>What the ledger must show as paid.</summary>
    public required PayoutOrder Order { get; init; }

    /// <summary>The place on the ledger that this payout owns.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>The transaction's hash, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The signed TransactionEnvelope, base64 XDR. Never logged.</summary>
    public required string SignedXdr { get; init; }

    /// <summary>The envelope's maxTime.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>The envelope's maxLedger.</summary>
    public required uint MaxLedger { get; init; }
}
