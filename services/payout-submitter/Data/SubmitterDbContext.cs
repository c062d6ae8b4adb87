using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Payouts.Hosting.Database;

namespace Payouts.Submitter;

/// <summary>payout-submitter's own schema: submissions and the place in the ledger's events.</summary>
public sealed class SubmitterDbContext(DbContextOptions<SubmitterDbContext> options) : ServiceDbContext(options)
{
    /// <summary>Every signed envelope; those that are done for PAYOUTS_RETENTION_DAYS.</summary>
    public DbSet<Submission> Submissions => Set<Submission>();

    /// <summary>Every fee bump, for ever.</summary>
    public DbSet<FeeBump> FeeBumps => Set<FeeBump>();

    /// <summary>One row.</summary>
    public DbSet<LedgerCursor> Cursors => Set<LedgerCursor>();
}

internal sealed class SubmissionConfiguration : IEntityTypeConfiguration<Submission>
{
    public void Configure(EntityTypeBuilder<Submission> submission)
    {
        submission.ToTable("submissions");
        submission.HasKey(x => x.TransactionHash);
        submission.Property(x => x.State).HasConversion<string>();
        submission.Property(x => x.Kind).HasConversion<string>();
        submission.Property(x => x.Others).HasConversion(SharesColumn.Converter, SharesColumn.Comparer);
        submission.Ignore(x => x.Slot);
        submission.Ignore(x => x.Total);
        submission.Ignore(x => x.NamedHash);
        submission.Ignore(x => x.SendXdr);
        submission.Ignore(x => x.SendHash);
    }
}

internal sealed class FeeBumpConfiguration : IEntityTypeConfiguration<FeeBump>
{
    public void Configure(EntityTypeBuilder<FeeBump> bump)
    {
        bump.ToTable("fee_bumps");
        bump.HasKey(x => x.BumpHash);
    }
}

internal sealed class LedgerCursorConfiguration : IEntityTypeConfiguration<LedgerCursor>
{
    public void Configure(EntityTypeBuilder<LedgerCursor> cursor)
    {
        cursor.ToTable("ledger_cursors");
        cursor.HasKey(x => x.Name);
        cursor.Property(x => x.Version).IsConcurrencyToken();
    }
}
