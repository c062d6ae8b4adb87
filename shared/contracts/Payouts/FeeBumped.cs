namespace Payouts.Contracts;

/// <summary>A released envelope was wrapped in a fee bump; the ledger applies at most one of both.</summary>
public sealed record FeeBumped
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout the envelope is of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The hash of the envelope inside, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The fee bump's own hash, 64 lowercase hex digits: the ledger records the transaction under it.</summary>
    public required string BumpHash { get; init; }

    /// <summary>The signed fee bump envelope, base64 XDR. Never logged.</summary>
    public required string SignedXdr { get; init; }

    /// <summary>Its fee, inclusion plus resources, in stroops of the native asset.</summary>
    public required long FeeStroops { get; init; }
}
