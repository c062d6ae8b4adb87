using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Payouts.Builder.Tests.Reconciling;

/// <summary>Counts the rows that were read and are still in memory. Looks whenever its clock is asked for the time.</summary>
internal sealed class HeldRows(IDbContextFactory<BuilderDbContext> contexts) : IDbContextFactory<BuilderDbContext>, IMaterializationInterceptor
{
    private readonly List<WeakReference> _rows = [];

    /// <summary>Rows read so far.</summary>
    public int Read { get; private set; }

    /// <summary>The most that were in memory at one time.</summary>
    public int HeldMax { get; private set; }

    public TimeProvider Clock => new LookingClock(this);

    public BuilderDbContext CreateDbContext()
    {
        using var plain = contexts.CreateDbContext();
        var options = new DbContextOptionsBuilder<BuilderDbContext>((DbContextOptions<BuilderDbContext>)plain.GetService<IDbContextOptions>());
        return new BuilderDbContext(options.AddInterceptors(this).Options);
    }

    public object InitializedInstance(MaterializationInterceptionData materializationData, object entity)
    {
        Read++;
        _rows.Add(new WeakReference(entity));
        return entity;
    }

    private sealed class LookingClock(HeldRows rows) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            GC.Collect();
            rows._rows.RemoveAll(row => !row.IsAlive);
            rows.HeldMax = Math.Max(rows.HeldMax, rows._rows.Count);
            return new DateTimeOffset(2026, 7, 2, 0, 0, 0, TimeSpan.Zero);
        }
    }
}
