using Microsoft.EntityFrameworkCore;

namespace Payouts.Builder.Reconciling;

/// <summary>Which ledgers the books have taken in.</summary>
/// <param name="From">The first; 0 before anything was read.</param>
/// <param name="Through">The last.</param>
/// <param name="Network">The network's newest, when it was last asked.</param>
/// <param name="ReadAt">When that was; null before anything was read.</param>
/// <param name="Gaps">Ledgers in between, or before, that nobody could read.</param>
public sealed record Coverage(uint From, uint Through, uint Network, DateTimeOffset? ReadAt, IReadOnlyList<LedgerGap> Gaps)
{
    /// <summary>Ledgers that the network has and the books have not.</summary>
    public uint Lag => Network - Through;

    /// <summary>
    /// Read before the payouts that are judged by it: what is confirmed in a ledger up to <see cref="Through"/> is then surely among the
    /// movements that are read after them.
    /// </summary>
    public static async Task<Coverage> ReadAsync(BuilderDbContext db, CancellationToken cancellationToken)
    {
        var reading = await db.Set<LedgerReading>().AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var gaps = await db.Set<LedgerGap>().AsNoTracking().OrderBy(x => x.FromLedger).ToListAsync(cancellationToken);
        return new Coverage(reading?.FirstLedger ?? 0, reading?.ThroughLedger ?? 0, reading?.NetworkLedger ?? 0, reading?.ReadAt, gaps);
    }

    /// <summary>The gap that holds the ledger, if one does.</summary>
    public LedgerGap? GapOf(uint ledger) => Gaps.FirstOrDefault(gap => gap.FromLedger <= ledger && ledger <= gap.ToLedger);
}
