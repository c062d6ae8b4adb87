using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Builder.Saga;
using Payouts.Contracts;

namespace Payouts.Builder.Deciding;

/// <summary>What a human can decide about a payout: a closed list.</summary>
public enum DecisionKind
{
    /// <summary>Stop it before anybody can sign it.</summary>
    Hold,

    /// <summary>Let one go that a human had stopped.</summary>
    Release,

    /// <summary>Build it again.</summary>
    Retry,

    /// <summary>Ask contract and ledger whether it is paid.</summary>
    Verify,

    /// <summary>Do not pay it; the round still owes it.</summary>
    Cancel,

    /// <summary>Do not pay it, and take it out of what the round owes.</summary>
    WriteOff,
}

/// <summary>What became of a decision.</summary>
public enum DecisionStatus
{
    /// <summary>Waits for a second person.</summary>
    Proposed,

    /// <summary>Took effect.</summary>
    Applied,

    /// <summary>Approved too late: the payout is no longer where the decision was right.</summary>
    Refused,

    /// <summary>Nobody approved it in time.</summary>
    Expired,

    /// <summary>Taken back.</summary>
    Withdrawn,
}

/// <summary>A payout's place, as an audit compares it.</summary>
public sealed record PayoutFacts(string State, string? Code, string? Slot)
{
    /// <summary>As it is now.</summary>
    public static PayoutFacts Of(Payout payout) => new(payout.CurrentState, payout.HoldCode?.ToString(), payout.Slot is { } slot ? $"{slot.Channel}/{slot.SequenceNumber}" : null);
}

/// <summary>One step of a decision: proposed, applied, refused, withdrawn. Rows are added and never changed; the database refuses it.</summary>
public sealed class DecisionStep
{
    /// <summary>The decision.</summary>
    public Guid DecisionId { get; init; }

    /// <summary>1: what was decided; 2: what became of a proposal.</summary>
    public int Step { get; init; }

    /// <summary>The payout that it is about.</summary>
    public Guid PayoutId { get; init; }

    /// <summary>What was decided.</summary>
    public DecisionKind Kind { get; init; }

    /// <summary>What became of it.</summary>
    public DecisionStatus Status { get; init; }

    /// <summary>Who took this step: the authenticated caller, or, where callers have no names, whom the request named.</summary>
    public required string ByWhom { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Of a question: the transaction that is said to have paid.</summary>
    public string? TransactionHash { get; init; }

    /// <summary>The caller's name of the request: a repeat is recognised by it.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Of a proposal: when it is no longer approved.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What is owed.</summary>
    public Stroops Amount { get; init; }

    /// <summary>In what.</summary>
    public required string Currency { get; init; }

    /// <summary>The payout's state before.</summary>
    public required string BeforeState { get; init; }

    /// <summary>Why it was on hold before.</summary>
    public string? BeforeCode { get; init; }

    /// <summary>The slot that it owned before.</summary>
    public string? BeforeSlot { get; init; }

    /// <summary>The payout's state after.</summary>
    public required string AfterState { get; init; }

    /// <summary>Why it is on hold after.</summary>
    public string? AfterCode { get; init; }

    /// <summary>The slot that it owns after.</summary>
    public string? AfterSlot { get; init; }

    /// <summary>Why a step was refused.</summary>
    public string? Detail { get; init; }
}

internal sealed class DecisionStepConfiguration : IEntityTypeConfiguration<DecisionStep>
{
    public void Configure(EntityTypeBuilder<DecisionStep> step)
    {
        step.ToTable("decision_steps");
        step.HasKey(x => new { x.DecisionId, x.Step });
        step.Property(x => x.Kind).HasConversion<string>();
        step.Property(x => x.Status).HasConversion<string>();
    }
}
