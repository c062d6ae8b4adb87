using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Database;
using Payouts.Hosting.Web;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Webhooks;

namespace Payouts.Rounds.Storage;

/// <summary>The tables of the rounds service.</summary>
internal sealed class RoundsDbContext(DbContextOptions<RoundsDbContext> options) : ServiceDbContext(options)
{
    public DbSet<Round> Rounds => Set<Round>();

    public DbSet<RoundPayout> Payouts => Set<RoundPayout>();

    public DbSet<TrailEntry> Trail => Set<TrailEntry>();

    public DbSet<RoundResolution> Resolutions => Set<RoundResolution>();

    public DbSet<TrailCheckpoint> Checkpoints => Set<TrailCheckpoint>();

    public DbSet<CheckpointHead> CheckpointHeads => Set<CheckpointHead>();

    public DbSet<DirectPayout> Direct => Set<DirectPayout>();

    public DbSet<ParkedEvent> Parked => Set<ParkedEvent>();

    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();

    public DbSet<WebhookDelivery> Webhooks => Set<WebhookDelivery>();
}
