using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Saga;

namespace Payouts.Builder.Reconciling;

/// <summary>
/// Proves a round or a day from what the ledger showed, page by page: the memory it takes does not grow with the debts. A debt belongs to
/// the UTC day of the ledger that first paid it, and while the ledger shows no payment to the day that it was planned: so every debt is of
/// one day, and the days add up to all that is owed.
/// </summary>
public sealed class ReportBuilder(IDbContextFactory<BuilderDbContext> contexts, Books books, TimeProvider time)
{
    private const int PageSize = 1000;

    /// <summary>The round's proof; null: it has no payouts here.</summary>
    public async Task<ReconciliationReport?> RoundAsync(string roundId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var coverage = await Coverage.ReadAsync(db, cancellationToken);
        var sums = new ReportSums($"round {roundId}", coverage);
        var after = "";
        while (true)
        {
            var page = await db.Payouts.AsNoTracking().Where(x => x.RoundId == roundId && string.Compare(x.Winner, after) > 0)
                .OrderBy(x => x.Winner).Take(PageSize).ToListAsync(cancellationToken);
            if (page.Count == 0)
                break;
            foreach (var (payout, verdict) in await books.VerdictsAsync(db, page, coverage, time.GetUtcNow(), cancellationToken))
            {
                sums.Debt(payout, verdict);
                foreach (var payment in verdict.Payments)
                    sums.Paid(payment);
                sums.Find(verdict.Findings);
            }

            after = page[^1].Winner;
        }

        return after.Length == 0 ? null : sums.Report();
    }

    /// <summary>The day's proof.</summary>
    public async Task<ReconciliationReport> DayAsync(DateOnly day, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var coverage = await Coverage.ReadAsync(db, cancellationToken);
        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var sums = new ReportSums($"day {day:yyyy-MM-dd}", coverage);
        await AddMovementsAsync(db, from, from.AddDays(1), sums, coverage, cancellationToken);
        await AddUnpaidAsync(db, from, from.AddDays(1), sums, coverage, cancellationToken);
        return sums.Report();
    }

    private async Task AddMovementsAsync(BuilderDbContext db, DateTimeOffset from, DateTimeOffset to, ReportSums sums, Coverage coverage, CancellationToken cancellationToken)
    {
        LedgerMovement? last = null;
        while (true)
        {
            var query = db.Set<LedgerMovement>().AsNoTracking().Where(x => x.ClosedAt >= from && x.ClosedAt < to);
            if (last is { ClosedAt: var closed, EventId: var id })
                query = query.Where(x => x.ClosedAt > closed || (x.ClosedAt == closed && string.Compare(x.EventId, id) > 0));
            var page = await query.OrderBy(x => x.ClosedAt).ThenBy(x => x.EventId).Take(PageSize).ToListAsync(cancellationToken);
            if (page.Count == 0)
                return;
            foreach (var movement in page.Where(x => x.MovesMoney))
                sums.Paid(movement);
            var ids = page.Where(x => x.PayoutId is not null).Select(x => x.PayoutId!.Value).Distinct().ToArray();
            var payouts = await db.Payouts.AsNoTracking().Where(x => ids.Contains(x.CorrelationId)).ToListAsync(cancellationToken);
            var verdicts = (await books.VerdictsAsync(db, payouts, coverage, time.GetUtcNow(), cancellationToken)).ToDictionary(x => x.Payout.CorrelationId);
            foreach (var movement in page)
            {
                if (movement.PayoutId is not { } debt || !verdicts.TryGetValue(debt, out var known))
                    sums.Find(DebtJudge.JudgeStray(movement) is { } stray ? [stray] : []);
                else if (known.Verdict.Payments.FirstOrDefault()?.EventId == movement.EventId)
                {
                    sums.Debt(known.Payout, known.Verdict);
                    sums.Find(known.Verdict.Findings);
                }
                else if (known.Verdict.Findings.Count > 0 && known.Verdict.Payments.Count > 0 && known.Verdict.Payments[0].ClosedAt < from)
                    // Paid again on a later day: told on both.
                    sums.Find(known.Verdict.Findings);
            }

            last = page[^1];
        }
    }

    private async Task AddUnpaidAsync(BuilderDbContext db, DateTimeOffset from, DateTimeOffset to, ReportSums sums, Coverage coverage, CancellationToken cancellationToken)
    {
        Payout? last = null;
        while (true)
        {
            var query = db.Payouts.AsNoTracking().Where(x => x.PlannedAt >= from && x.PlannedAt < to);
            if (last is { PlannedAt: var planned, CorrelationId: var id })
                query = query.Where(x => x.PlannedAt > planned || (x.PlannedAt == planned && x.CorrelationId.CompareTo(id) > 0));
            var page = await query.OrderBy(x => x.PlannedAt).ThenBy(x => x.CorrelationId).Take(PageSize).ToListAsync(cancellationToken);
            if (page.Count == 0)
                return;
            foreach (var (payout, verdict) in (await books.VerdictsAsync(db, page, coverage, time.GetUtcNow(), cancellationToken)).Where(x => x.Verdict.Payments.Count == 0))
            {
                sums.Debt(payout, verdict);
                sums.Find(verdict.Findings);
            }

            last = page[^1];
        }
    }
}
