namespace Payouts.Contracts;

/// <summary>Command to payout-submitter: ask contract and ledger whether this debt is paid, whoever paid it.</summary>
public sealed record VerifyPayout
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The payout's latest build; 0 when it was never built.</summary>
    public required int Attempt { get; init; }

    /// <summary>What is owed.</summary>
    public required PayoutOrder Order { get; init; }

    /// <summary>The place on the ledger that the payout owns, if it owns one: whether its number is consumed is told too.</summary>
    public SequenceSlot? Slot { get; init; }

    /// <summary>A transaction that is said to have paid it, 64 hex digits; without one the ledger is searched.</summary>
    public string? TransactionHash { get; init; }

    /// <summary>The operator who asks, and why; null when the payout asks by itself.</summary>
    public string? AskedBy { get; init; }
}
