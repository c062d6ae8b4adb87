namespace Payouts.Contracts;

/// <summary>One player's entry in a round, as the game reports it; checked by the rounds service.</summary>
public sealed record RoundEntry
{
    /// <summary>The player's Stellar account, G...</summary>
    public required string Player { get; init; }

    /// <summary>What the player put in: decimal text, not negative, at most 7 decimals.</summary>
    public required string Stake { get; init; }

    /// <summary>What the player chose, where a policy decides by it: 1 to 32 of [a-zA-Z0-9_]. Absent: nothing was chosen.</summary>
    public string? Choice { get; init; }
}
