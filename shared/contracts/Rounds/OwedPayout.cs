namespace Payouts.Contracts;

/// <summary>One debt of a round.</summary>
public sealed record OwedPayout
{
    /// <summary>The winner's Stellar account, G...</summary>
    public required string Winner { get; init; }

    /// <summary>Above zero.</summary>
    public required Stroops Amount { get; init; }
}
