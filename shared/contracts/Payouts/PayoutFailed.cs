namespace Payouts.Contracts;

/// <summary>
/// A stage failed and the payout is known to be unpaid by it: nothing was signed (Build, Sign), or the ledger itself says FAILED (Confirm).
/// An outcome that is not known is never a failure: see <see cref="PayoutUnresolved"/>.
/// </summary>
public sealed record PayoutFailed
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Where it failed.</summary>
    public required PayoutStage Stage { get; init; }

    /// <summary>Why, from the closed list.</summary>
    public required FailureCode Code { get; init; }

    /// <summary>The facts: what was wrong, where. Nothing secret.</summary>
    public required string Detail { get; init; }

    /// <summary>True when the same payout may succeed later without anybody changing anything.</summary>
    public required bool Transient { get; init; }

    /// <summary>The slot that the failure speaks of; with Stage Confirm it is consumed.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>The transaction's hash, when one existed.</summary>
    public string? TransactionHash { get; init; }

    /// <summary>
    /// With EntryArchived at the stage Build: what a RestoreFootprint transaction must declare before the payout can be built, base64 XDR of a
    /// SorobanTransactionData. Null: nothing is restored by this system.
    /// </summary>
    public string? RestoreXdr { get; init; }

    /// <summary>With RestoreXdr: the restoring envelope's maxTime, counted from the ledger's clock.</summary>
    public DateTimeOffset? RestoreValidUntil { get; init; }
}
