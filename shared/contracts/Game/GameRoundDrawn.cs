namespace Payouts.Contracts;

/// <summary>
/// The game drew the round. An empty list of winners means that nobody won: every stake is refunded.
/// </summary>
public sealed record GameRoundDrawn
{
    /// <summary>The game's name of the round.</summary>
    public required string RoundId { get; init; }

    /// <summary>0 to 10,000 winners, each a player of the round, either all with an amount or all with a weight.</summary>
    public required IReadOnlyList<RoundWinner> Winners { get; init; }

    /// <summary>Money added to the stakes by the house, decimal text; absent means none.</summary>
    public string? Yield { get; init; }
}
