using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Background;
using Payouts.Hosting.Messaging;

namespace Payouts.Builder.Reconciling;

/// <summary>
/// Judges every debt again and again, a page at a time from the oldest to the newest: what the ledger does not show, or what somebody changed
/// in the tables, no event tells. A page costs the same however many debts there are.
/// </summary>
public sealed class BookSweep(
    UnitOfWorkFactory<BuilderDbContext> units,
    IDbContextFactory<BuilderDbContext> contexts,
    Books books,
    ReconcilingOptions options,
    TimeProvider time,
    ILogger<BookSweep> logger)
    : BackgroundLoop("comparing debts with the ledger", time, logger)
{
    /// <summary>Debts in one page.</summary>
    public const int PageSize = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, Int128> _difference = new(StringComparer.Ordinal);
    private (DateTimeOffset PlannedAt, Guid Id)? _after;
    private (DateTimeOffset FoundAt, string Subject)? _strayAfter;
    private bool _strays;

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await SweepPageAsync(cancellationToken);
        return false;
    }

    /// <summary>Judges one page; true when that was the last of a sweep.</summary>
    public async Task<bool> SweepPageAsync(CancellationToken cancellationToken)
    {
        if (_strays)
            return await SweepStraysAsync(cancellationToken);
        var page = await units.RunAsync(unit => JudgePageAsync(unit, cancellationToken), cancellationToken);
        // Before the first reading there is nothing to compare with.
        if (page is null)
            return false;
        foreach (var (payout, verdict) in page)
            Count(payout, verdict);
        _after = page.Count > 0 ? (page[^1].Payout.PlannedAt, page[^1].Payout.CorrelationId) : _after;
        _strays = page.Count < PageSize;
        return false;
    }

    private async Task<List<(Payout Payout, DebtVerdict Verdict)>?> JudgePageAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        var coverage = await Coverage.ReadAsync(unit.Db, cancellationToken);
        return coverage.ReadAt is null ? null : await books.JudgeDebtsAsync(unit, await PageAsync(unit.Db, cancellationToken), coverage, cancellationToken);
    }

    private Task<List<Payout>> PageAsync(BuilderDbContext db, CancellationToken cancellationToken)
    {
        var from = books.KeptFrom(Time.GetUtcNow());
        var query = db.Payouts.AsNoTracking().Where(x => x.PlannedAt >= from);
        if (_after is var (planned, id))
            query = query.Where(x => x.PlannedAt > planned || (x.PlannedAt == planned && x.CorrelationId.CompareTo(id) > 0));
        return query.OrderBy(x => x.PlannedAt).ThenBy(x => x.CorrelationId).Take(PageSize).ToListAsync(cancellationToken);
    }

    private void Count(Payout payout, DebtVerdict verdict)
    {
        if (verdict.End is DebtEnd.Paid or DebtEnd.Unproven)
            _difference[payout.Currency] = _difference.GetValueOrDefault(payout.Currency) + payout.Amount.Value;
        foreach (var payment in verdict.Payments)
            _difference[payment.Currency] = _difference.GetValueOrDefault(payment.Currency) - payment.Amount.Value;
    }

    /// <summary>A payment that nobody had planned is right after all when the round that owes it comes later.</summary>
    private async Task<bool> SweepStraysAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var query = db.Set<ReconciliationFinding>().AsNoTracking().Where(x => x.ResolvedAt == null && x.Kind == FindingKind.PaidUnplanned);
        if (_strayAfter is var (found, subject))
            query = query.Where(x => x.FoundAt > found || (x.FoundAt == found && string.Compare(x.Subject, subject) > 0));
        var page = await query.OrderBy(x => x.FoundAt).ThenBy(x => x.Subject).Take(PageSize).ToListAsync(cancellationToken);
        var ids = page.Where(x => x.PayoutId is not null).Select(x => x.PayoutId!.Value).ToArray();
        var planned = ids.Length == 0 ? [] : await db.Payouts.AsNoTracking().Where(x => ids.Contains(x.CorrelationId)).Select(x => x.CorrelationId).ToListAsync(cancellationToken);
        var solved = page.Where(x => x.PayoutId is { } id && planned.Contains(id)).Select(x => x.Subject).ToList();
        if (solved.Count > 0)
            await units.RunAsync(async unit =>
            {
                await books.ResolveAsync(unit, solved, cancellationToken);
                return true;
            }, cancellationToken);
        _strayAfter = page.Count > 0 ? (page[^1].FoundAt, page[^1].Subject) : null;
        if (page.Count == PageSize)
            return false;
        await TellAsync(db, cancellationToken);
        (_strays, _after, _strayAfter) = (false, null, null);
        return true;
    }

    private async Task TellAsync(BuilderDbContext db, CancellationToken cancellationToken)
    {
        var open = await db.Set<ReconciliationFinding>().AsNoTracking().Where(x => x.ResolvedAt == null)
            .GroupBy(x => x.Kind).Select(x => new { Kind = x.Key, Count = x.Count() }).ToDictionaryAsync(x => x.Kind, x => x.Count, cancellationToken);
        foreach (var kind in Enum.GetValues<FindingKind>())
            ReconcilingMetrics.Findings.WithLabels(kind.ToString()).Set(open.GetValueOrDefault(kind));
        foreach (var currency in options.Tokens.Keys)
            ReconcilingMetrics.Difference.WithLabels(currency).Set((double)_difference.GetValueOrDefault(currency));
        // A currency without a token is no label: whatever it is, it is one.
        ReconcilingMetrics.Difference.WithLabels("other").Set((double)_difference.Where(x => !options.Tokens.ContainsKey(x.Key)).Aggregate(Int128.Zero, (sum, x) => sum + x.Value));
        ReconcilingMetrics.SweptAt.Set(Time.GetUtcNow().ToUnixTimeSeconds());
        _difference.Clear();
    }
}
