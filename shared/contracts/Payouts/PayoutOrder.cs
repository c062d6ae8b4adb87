namespace Payouts.Contracts;

/// <summary>What is owed, in the payout contract's own terms.</summary>
public sealed record PayoutOrder
{
    /// <summary>First part of the contract's idempotency key.</summary>
    public required string Context { get; init; }

    /// <summary>Second part of the contract's idempotency key.</summary>
    public required uint PoolId { get; init; }

    /// <summary>Third part of the contract's idempotency key.</summary>
    public required uint RoundNumber { get; init; }

    /// <summary>Who is paid, G...; the last part of the contract's idempotency key.</summary>
    public required string Winner { get; init; }

    /// <summary>How much, above zero.</summary>
    public required Stroops Amount { get; init; }

    /// <summary>In what, as the contract knows it.</summary>
    public required string Currency { get; init; }

    /// <summary>Further winners of the same round whom the same transaction pays, in the order of its list; absent: none.</summary>
    public IReadOnlyList<PayoutShare>? Others { get; init; }

    /// <summary>What the transaction pays in all.</summary>
    /// <exception cref="OverflowException">More than 128 bits can hold.</exception>
    public Stroops Total() => (Others ?? []).Aggregate(Amount, (sum, share) => sum + share.Amount);
}
