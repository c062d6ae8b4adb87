namespace Payouts.Contracts;

/// <summary>One more winner whom a transaction pays.</summary>
public sealed record PayoutShare
{
    /// <summary>Who is paid, G...</summary>
    public required string Winner { get; init; }

    /// <summary>How much, above zero.</summary>
    public required Stroops Amount { get; init; }
}
