using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Contracts;

namespace Payouts.Rounds.Storage;

/// <summary>One debt of a round and how it ended. Written set-based; the entity is read only.</summary>
internal sealed class RoundPayout
{
    public required string RoundId { get; init; }

    /// <summary>G...</summary>
    public required string Winner { get; init; }

    public Stroops Amount { get; init; }

    /// <summary>Null until the payout reached its end.</summary>
    public PayoutOutcome? Outcome { get; init; }

    public Stroops Paid { get; init; }

    public PayoutId? PayoutId { get; init; }

    public string? TransactionHash { get; init; }

    public long? Ledger { get; init; }

    public DateTimeOffset? SettledAt { get; init; }
}

internal sealed class RoundPayoutConfiguration : IEntityTypeConfiguration<RoundPayout>
{
    public void Configure(EntityTypeBuilder<RoundPayout> payout)
    {
        payout.ToTable("round_payouts");
        payout.HasKey(x => new { x.RoundId, x.Winner });
        payout.Property(x => x.Outcome).HasConversion<string>();
    }
}
