namespace Payouts.Contracts;

/// <summary>The payout waits for a human decision. This pages somebody.</summary>
public sealed record PayoutOnHold
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The round that owes it.</summary>
    public required string RoundId { get; init; }

    /// <summary>Where it stopped.</summary>
    public required PayoutStage Stage { get; init; }

    /// <summary>Why, from the closed list.</summary>
    public required FailureCode Code { get; init; }

    /// <summary>The facts. Nothing secret.</summary>
    public required string Detail { get; init; }

    /// <summary>Of a direct payout: the requester's own name of it; roundId is then "direct:" and this. Absent: a round owes it.</summary>
    public string? Reference { get; init; }
}
