namespace Payouts.Contracts;

/// <summary>Command to payout-builder from an operator: never pay this debt. Taken only while no envelope can exist.</summary>
public sealed record CancelPayout
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Who decided.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}
