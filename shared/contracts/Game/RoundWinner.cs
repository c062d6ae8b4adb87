namespace Payouts.Contracts;

/// <summary>One winner of a round, as the game reports it.</summary>
public sealed record RoundWinner
{
    /// <summary>The winner's Stellar account, G...</summary>
    public required string Player { get; init; }

    /// <summary>What the winner gets: decimal text above zero, at most 7 decimals. Exclusive with <see cref="Weight"/>.</summary>
    public string? Amount { get; init; }

    /// <summary>The winner's share of stakes plus yield, relative to the other winners: 1 to 1,000,000,000,000.</summary>
    public long? Weight { get; init; }
}
