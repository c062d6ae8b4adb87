namespace Payouts.Contracts;

/// <summary>
/// The game opened a round. Published by the game backend. Repeats are harmless; another event of the round may arrive first.
/// </summary>
public sealed record GameRoundOpened
{
    /// <summary>The game's own name of the round, 1 to 100 characters, unique for ever.</summary>
    public required string RoundId { get; init; }

    /// <summary>First part of the contract's key: a Soroban symbol, 1 to 32 of [a-zA-Z0-9_].</summary>
    public required string Context { get; init; }

    /// <summary>Second part of the contract's key.</summary>
    public required uint PoolId { get; init; }

    /// <summary>Third part of the contract's key: the round's number within the pool.</summary>
    public required uint RoundNumber { get; init; }

    /// <summary>The currency that stakes and prizes are counted in, as the payout contract knows it: a Soroban symbol such as XLM, or the token's address C... where the contract takes one.</summary>
    public required string Currency { get; init; }
}
