using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Contracts;

namespace Payouts.Builder.Reconciling;

/// <summary>What can be wrong between the debts and the ledger: a closed list. docs/reconciliation.md says what to do about each.</summary>
public enum FindingKind
{
    /// <summary>The ledger shows more than one payment of the debt.</summary>
    PaidTwice,

    /// <summary>A payout call that nobody planned: a human's, or a bug's, behind the services' back.</summary>
    PaidUnplanned,

    /// <summary>Paid, but not the amount that is owed.</summary>
    AmountDiffers,

    /// <summary>Paid, but not in what is owed.</summary>
    CurrencyDiffers,

    /// <summary>Money left the treasury without a payout.</summary>
    TransferWithoutPayout,

    /// <summary>The contract says paid, and no money moved.</summary>
    PayoutWithoutTransfer,

    /// <summary>The payout says Confirmed, and the ledger shows no payment.</summary>
    ConfirmedNotOnLedger,

    /// <summary>The ledger shows the payment, and the payout does not know it after a long time.</summary>
    PaidButNotConfirmed,

    /// <summary>A cancelled payout was paid.</summary>
    PaidAfterCancelled,

    /// <summary>A payout that a human wrote off was paid.</summary>
    PaidAfterWrittenOff,

    /// <summary>Ledgers that could not be read: nothing is proven about them.</summary>
    LedgerGap,
}

/// <summary>One thing that is wrong, judged now.</summary>
/// <param name="Subject">What it is about: a payout's id, an event's id, or a range of ledgers.</param>
/// <param name="Detail">What was found, and where.</param>
public sealed record Finding(FindingKind Kind, string Subject, Guid? PayoutId, string? RoundId, string? Currency, Stroops Owed, Stroops Paid, string Detail);

/// <summary>A finding as it is kept: when it appeared and when it was gone.</summary>
public sealed class ReconciliationFinding
{
    /// <summary>What is wrong.</summary>
    public FindingKind Kind { get; init; }

    /// <summary>What it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>The debt, when it is about one.</summary>
    public Guid? PayoutId { get; init; }

    /// <summary>The debt's round.</summary>
    public string? RoundId { get; init; }

    /// <summary>The currency of the amounts.</summary>
    public string? Currency { get; init; }

    /// <summary>What is owed.</summary>
    public Stroops Owed { get; set; }

    /// <summary>What the ledger shows.</summary>
    public Stroops Paid { get; set; }

    /// <summary>What was found, and where.</summary>
    public required string Detail { get; set; }

    /// <summary>When it appeared.</summary>
    public DateTimeOffset FoundAt { get; set; }

    /// <summary>When it was no longer so; null: it still is.</summary>
    public DateTimeOffset? ResolvedAt { get; set; }
}

internal sealed class ReconciliationFindingConfiguration : IEntityTypeConfiguration<ReconciliationFinding>
{
    public void Configure(EntityTypeBuilder<ReconciliationFinding> finding)
    {
        finding.ToTable("reconciliation_findings");
        finding.HasKey(x => new { x.Kind, x.Subject });
        finding.Property(x => x.Kind).HasConversion<string>();
    }
}
