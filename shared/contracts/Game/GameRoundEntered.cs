namespace Payouts.Contracts;

/// <summary>
/// Players entered a round with their stakes. May be published many times for one round; a player enters a round once.
/// </summary>
public sealed record GameRoundEntered
{
    /// <summary>The game's name of the round.</summary>
    public required string RoundId { get; init; }

    /// <summary>1 to 10,000 entries.</summary>
    public required IReadOnlyList<RoundEntry> Entries { get; init; }
}
