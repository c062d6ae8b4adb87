namespace Payouts.Contracts;

/// <summary>
/// A round is decided: this is who is owed what. payout-builder pays it; payout-signer keeps it as the order that every
/// signature is checked against.
/// </summary>
public sealed record RoundResolved
{
    /// <summary>The game's name of the round.</summary>
    public required string RoundId { get; init; }

    /// <summary>First part of the contract's key.</summary>
    public required string Context { get; init; }

    /// <summary>Second part of the contract's key.</summary>
    public required uint PoolId { get; init; }

    /// <summary>Third part of the contract's key.</summary>
    public required uint RoundNumber { get; init; }

    /// <summary>The contract's currency.</summary>
    public required string Currency { get; init; }

    /// <summary>Sum of <see cref="Payouts"/>.</summary>
    public required Stroops Owed { get; init; }

    /// <summary>0 to 10,000 debts, one per winner.</summary>
    public required IReadOnlyList<OwedPayout> Payouts { get; init; }
}
