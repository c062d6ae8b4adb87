using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Database;

namespace Payouts.Builder;

/// <summary>payout-builder's own schema: payouts, their history, channels.</summary>
public sealed class BuilderDbContext(DbContextOptions<BuilderDbContext> options) : ServiceDbContext(options)
{
    /// <summary>Every debt, for ever.</summary>
    public DbSet<Payout> Payouts => Set<Payout>();

    /// <summary>Every state change, as long as the payout is open and PAYOUTS_RETENTION_DAYS after.</summary>
    public DbSet<PayoutTransition> Transitions => Set<PayoutTransition>();

    /// <summary>The transaction sources.</summary>
    public DbSet<Channel> Channels => Set<Channel>();

    /// <summary>The lanes' numbers that are given out and not consumed yet.</summary>
    public DbSet<LaneSlot> Slots => Set<LaneSlot>();
}

internal sealed class PayoutConfiguration : IEntityTypeConfiguration<Payout>
{
    public void Configure(EntityTypeBuilder<Payout> payout)
    {
        payout.ToTable("payouts");
        payout.HasKey(x => x.CorrelationId);
        payout.Property(x => x.CorrelationId).HasColumnName("payout_id").ValueGeneratedNever();
        payout.Property(x => x.Version).IsConcurrencyToken();
        payout.Property(x => x.HoldStage).HasConversion<string>();
        payout.Property(x => x.HoldCode).HasConversion<string>();
        payout.Property(x => x.Members).HasConversion(
            members => members.Count == 0 ? "" : JsonSerializer.Serialize(members, ContractsJson.Options),
            text => text.Length == 0 ? new List<GroupMember>() : JsonSerializer.Deserialize<List<GroupMember>>(text, ContractsJson.Options)!,
            // The list is replaced, never changed.
            new ValueComparer<IReadOnlyList<GroupMember>>((one, other) => ReferenceEquals(one, other), members => members.Count, members => members));
        payout.Ignore(x => x.Order);
        payout.Ignore(x => x.Debt);
        payout.Ignore(x => x.CountedBuilds);
        payout.Ignore(x => x.MayStillBePaid);
        payout.Ignore(x => x.EndsItsSlot);
        payout.Ignore(x => x.Slot);
        payout.Ignore(x => x.Id);
        payout.Ignore(x => x.End);
    }
}

internal sealed class PayoutTransitionConfiguration : IEntityTypeConfiguration<PayoutTransition>
{
    public void Configure(EntityTypeBuilder<PayoutTransition> transition)
    {
        transition.ToTable("payout_transitions");
        transition.HasKey(x => new { x.PayoutId, x.Number });
    }
}

internal sealed class ChannelConfiguration : IEntityTypeConfiguration<Channel>
{
    public void Configure(EntityTypeBuilder<Channel> channel)
    {
        channel.ToTable("channels");
        channel.HasKey(x => x.Account);
        channel.Ignore(x => x.IsDrained);
    }
}

internal sealed class LaneSlotConfiguration : IEntityTypeConfiguration<LaneSlot>
{
    public void Configure(EntityTypeBuilder<LaneSlot> slot)
    {
        slot.ToTable("slots");
        slot.HasKey(x => new { x.Channel, x.SequenceNumber });
    }
}
