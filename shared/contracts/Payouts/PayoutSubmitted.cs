namespace Payouts.Contracts;

/// <summary>The network accepted the envelope (PENDING or DUPLICATE). That is not yet an outcome.</summary>
public sealed record PayoutSubmitted
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The transaction's hash, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The latest ledger when the network answered.</summary>
    public required uint Ledger { get; init; }
}
