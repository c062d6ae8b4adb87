namespace Payouts.Contracts;

/// <summary>One player's entry in a round, as the game reports it; checked by the rounds service.</summary>
public sealed record RoundEntry
{
    /// <summary>The player's Stellar account, G...</summary>
    public required string Player { get; init; }

    /// <summary>What the player put in: decimal text, not negative, at most 7 decimals.</summary>
    public required string Stake { get; init; }
}
