using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Hosting.Database;

namespace Payouts.Hosting.Tests.Support;

/// <summary>A service's database with one table of facts and one saga: enough to see what commits and what does not.</summary>
public sealed class SampleDb(DbContextOptions<SampleDb> options) : ServiceDbContext(options)
{
    public DbSet<Fact> Facts => Set<Fact>();

    public DbSet<Tally> Tallies => Set<Tally>();
}

/// <summary>One effect of one message.</summary>
public sealed class Fact
{
    public Guid Id { get; init; }

    public string Text { get; init; } = "";
}

/// <summary>A saga that counts: a lost or doubled event shows in its number.</summary>
public sealed class Tally : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "Initial";

    public int Count { get; set; }

    public int Version { get; set; }
}

internal sealed class FactConfiguration : IEntityTypeConfiguration<Fact>
{
    public void Configure(EntityTypeBuilder<Fact> fact)
    {
        fact.ToTable("facts");
        fact.HasKey(x => x.Id);
        fact.Property(x => x.Id).ValueGeneratedNever();
    }
}

internal sealed class TallyConfiguration : IEntityTypeConfiguration<Tally>
{
    public void Configure(EntityTypeBuilder<Tally> tally)
    {
        tally.ToTable("tallies");
        tally.HasKey(x => x.CorrelationId);
        tally.Property(x => x.CorrelationId).ValueGeneratedNever();
        tally.Property(x => x.Version).IsConcurrencyToken();
    }
}
