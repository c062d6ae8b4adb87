namespace Payouts.Contracts;

/// <summary>Command to payout-builder from an operator: take a payout from OnHold back to work on its own slot.</summary>
public sealed record RetryPayout
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Who decided.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}
