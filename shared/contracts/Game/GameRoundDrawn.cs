namespace Payouts.Contracts;

/// <summary>
/// The game drew the round. Under the policy "reported" an empty list of winners means that nobody won: every stake is refunded. The other
/// policies decide who wins, and take no winners.
/// </summary>
public sealed record GameRoundDrawn
{
    /// <summary>The game's name of the round.</summary>
    public required string RoundId { get; init; }

    /// <summary>0 to 10,000 winners, each a player of the round, either all with an amount or all with a weight.</summary>
    public required IReadOnlyList<RoundWinner> Winners { get; init; }

    /// <summary>Money added to the stakes by the house, decimal text; absent means none.</summary>
    public string? Yield { get; init; }

    /// <summary>How the round is decided: reported (when absent), minority-wins or seeded-threshold.</summary>
    public string? Policy { get; init; }

    /// <summary>What the game drew at random, 1 to 200 printable characters. minority-wins needs it, seeded-threshold hashes it, reported only keeps it.</summary>
    public string? Seed { get; init; }

    /// <summary>For seeded-threshold alone: the yield in percent as decimal text, which the rule hashes and pays on the losers' stakes.</summary>
    public string? YieldRate { get; init; }
}
