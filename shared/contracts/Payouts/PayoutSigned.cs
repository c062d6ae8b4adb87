namespace Payouts.Contracts;

/// <summary>Every wanted signature is on the envelope and was verified.</summary>
public sealed record PayoutSigned
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The transaction's hash, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The signed TransactionEnvelope, base64 XDR. Never logged.</summary>
    public required string SignedXdr { get; init; }
}
