namespace Payouts.Contracts;

/// <summary>Command to payout-signer: check the transaction against the order, have it signed, verify what comes back.</summary>
public sealed record SignPayout
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>What is owed, as payout-builder knows it; payout-signer compares with its own copy.</summary>
    public required PayoutOrder Order { get; init; }

    /// <summary>The place on the ledger that this payout owns.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>The transaction's hash, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>TransactionEnvelope without signatures, base64 XDR.</summary>
    public required string UnsignedXdr { get; init; }

    /// <summary>The envelope's maxTime.</summary>
    public required DateTimeOffset ValidUntil { get; init; }
}
