using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Database;

namespace Payouts.Rounds.Storage;

/// <summary>The tables of the rounds service.</summary>
internal sealed class RoundsDbContext(DbContextOptions<RoundsDbContext> options) : ServiceDbContext(options)
{
    public DbSet<Round> Rounds => Set<Round>();

    public DbSet<RoundPayout> Payouts => Set<RoundPayout>();

    public DbSet<ParkedEvent> Parked => Set<ParkedEvent>();
}
