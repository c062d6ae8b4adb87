namespace Payouts.Contracts;

/// <summary>A payout reached its end.</summary>
public sealed record PayoutSettled
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The round that owed it.</summary>
    public required string RoundId { get; init; }

    /// <summary>Who was owed, G...</summary>
    public required string Winner { get; init; }

    /// <summary>What the ledger shows as paid; zero unless Confirmed.</summary>
    public required Stroops Paid { get; init; }

    /// <summary>How it ended.</summary>
    public required PayoutOutcome Outcome { get; init; }

    /// <summary>The transaction that paid, 64 lowercase hex digits.</summary>
    public string? TransactionHash { get; init; }

    /// <summary>The ledger that holds it.</summary>
    public uint? Ledger { get; init; }

    /// <summary>Of a direct payout: the requester's own name of it; roundId is then "direct:" and this. Absent: a round owes it.</summary>
    public string? Reference { get; init; }
}
