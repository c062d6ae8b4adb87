namespace Payouts.Contracts;

/// <summary>
/// Somebody is to be paid outside a round, such as a refund or a prize. A request: the rounds service checks it, stores it and announces
/// DirectPayoutOrdered, or refuses it with GameEventRefused.
/// </summary>
public sealed record DirectPayoutRequested
{
    /// <summary>The sender's own name of this payout, 1 to 80 characters; asking again under it changes nothing.</summary>
    public required string Reference { get; init; }

    /// <summary>First part of the contract's key.</summary>
    public required string Context { get; init; }

    /// <summary>Second part of the contract's key.</summary>
    public required uint PoolId { get; init; }

    /// <summary>Third part of the contract's key; the three together belong to no round.</summary>
    public required uint RoundNumber { get; init; }

    /// <summary>Who is paid, G...; the last part of the contract's key.</summary>
    public required string Winner { get; init; }

    /// <summary>How much, above zero, decimal text.</summary>
    public required string Amount { get; init; }

    /// <summary>In what, as the contract knows it.</summary>
    public required string Currency { get; init; }

    /// <summary>Why, 1 to 500 characters; people who approve it read this.</summary>
    public required string Reason { get; init; }
}
