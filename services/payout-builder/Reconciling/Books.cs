using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Retention;

namespace Payouts.Builder.Reconciling;

/// <summary>
/// Judges debts and movements, and keeps what is wrong. A finding that appears is told once, as Critical; one that is gone keeps its row
/// with the time. No state of a payout is changed here: the books look, humans decide.
/// </summary>
public sealed class Books(ReconcilingOptions options, RetentionOptions retention, ILogger<Books> logger)
{
    /// <summary>Debts that were planned before are not compared any more: what the ledger showed of them is not kept.</summary>
    public DateTimeOffset KeptFrom(DateTimeOffset now) => now - retention.Kept;

    /// <summary>Judges what new movements reveal, in the transaction that stores them.</summary>
    public async Task JudgeAsync(UnitOfWork<BuilderDbContext> unit, IReadOnlyList<LedgerMovement> movements, LedgerGap? gap, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (gap is not null)
            findings.Add(Lost(gap));
        var ids = movements.Where(x => x.PayoutId is not null).Select(x => x.PayoutId!.Value).Distinct().ToArray();
        var coverage = await Coverage.ReadAsync(unit.Db, cancellationToken);
        var payouts = ids.Length == 0 ? [] : await unit.Db.Payouts.AsNoTracking().Where(x => ids.Contains(x.CorrelationId)).ToListAsync(cancellationToken);
        var known = payouts.Select(x => x.CorrelationId).ToHashSet();
        findings.AddRange(movements.Where(x => x.PayoutId is not { } id || !known.Contains(id)).Select(DebtJudge.JudgeStray).OfType<Finding>());
        Keep(unit, await KnownAsync(unit, findings.Select(x => x.Subject), cancellationToken), [], findings);
        await JudgeDebtsAsync(unit, payouts, coverage, cancellationToken);
    }

    /// <summary>Judges debts that were read after <paramref name="coverage"/>, and keeps what is wrong with them.</summary>
    public async Task<List<(Payout Payout, DebtVerdict Verdict)>> JudgeDebtsAsync(
        UnitOfWork<BuilderDbContext> unit, IReadOnlyList<Payout> payouts, Coverage coverage, CancellationToken cancellationToken)
    {
        if (payouts.Count == 0)
            return [];
        var subjects = payouts.Select(x => x.CorrelationId.ToString()).ToList();
        // Read before the movements: what another transaction finds in movements that are not seen here is then not taken for gone.
        var known = await KnownAsync(unit, subjects, cancellationToken);
        var verdicts = await VerdictsAsync(unit.Db, payouts, coverage, unit.Now, cancellationToken);
        Keep(unit, known, subjects, [.. verdicts.SelectMany(x => x.Verdict.Findings)]);
        return verdicts;
    }

    /// <summary>Payments that nobody had planned, and that are debts by now.</summary>
    public async Task ResolveAsync(UnitOfWork<BuilderDbContext> unit, IReadOnlyCollection<string> subjects, CancellationToken cancellationToken) =>
        Keep(unit, await KnownAsync(unit, subjects, cancellationToken), subjects, []);

    /// <summary>Judges debts that were read after <paramref name="coverage"/>.</summary>
    public async Task<List<(Payout Payout, DebtVerdict Verdict)>> VerdictsAsync(
        BuilderDbContext db, IReadOnlyList<Payout> payouts, Coverage coverage, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = payouts.Select(x => (Guid?)x.CorrelationId).ToArray();
        var movements = (await db.Set<LedgerMovement>().AsNoTracking().Where(x => ids.Contains(x.PayoutId)).ToListAsync(cancellationToken)).ToLookup(x => x.PayoutId!.Value);
        return [.. payouts.Select(payout => (payout, DebtJudge.Judge(payout, [.. movements[payout.CorrelationId]], coverage, now, options.UnconfirmedMax, KeptFrom(now))))];
    }

    private static async Task<Dictionary<(FindingKind, string), ReconciliationFinding>> KnownAsync(UnitOfWork<BuilderDbContext> unit, IEnumerable<string> subjects, CancellationToken cancellationToken)
    {
        var wanted = subjects.Distinct(StringComparer.Ordinal).ToArray();
        return wanted.Length == 0 ? [] : (await unit.Db.Set<ReconciliationFinding>().AsTracking().Where(x => wanted.Contains(x.Subject)).ToListAsync(cancellationToken)).ToDictionary(x => (x.Kind, x.Subject));
    }

    /// <summary>Keeps the findings; those of <paramref name="judged"/> that are not among them any more are resolved. Told after the commit.</summary>
    private void Keep(UnitOfWork<BuilderDbContext> unit, Dictionary<(FindingKind, string), ReconciliationFinding> kept, IReadOnlyCollection<string> judged, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings.DistinctBy(x => (x.Kind, x.Subject)))
        {
            if (kept.Remove((finding.Kind, finding.Subject), out var known))
            {
                if (known.ResolvedAt is null)
                    continue;
                (known.Owed, known.Paid, known.Detail, known.FoundAt, known.ResolvedAt) = (finding.Owed, finding.Paid, finding.Detail, unit.Now, null);
            }
            else
            {
                unit.Db.Add(new ReconciliationFinding
                {
                    Kind = finding.Kind, Subject = finding.Subject, PayoutId = finding.PayoutId, RoundId = finding.RoundId, Currency = finding.Currency,
                    Owed = finding.Owed, Paid = finding.Paid, Detail = finding.Detail, FoundAt = unit.Now,
                });
            }

            unit.AfterCommit(() => Log.BooksDiffer(logger, finding.Kind.ToString(), finding.Detail));
        }

        var again = judged.ToHashSet(StringComparer.Ordinal);
        foreach (var gone in kept.Values.Where(x => x.ResolvedAt is null && again.Contains(x.Subject)))
        {
            gone.ResolvedAt = unit.Now;
            unit.AfterCommit(() => Log.BooksAgreeAgain(logger, gone.Kind.ToString(), gone.Detail));
        }
    }

    private static Finding Lost(LedgerGap gap) => new(FindingKind.LedgerGap, $"ledgers {gap.FromLedger} to {gap.ToLedger}", null, null, null, Stroops.Zero, Stroops.Zero,
        $"the ledgers {gap.FromLedger} to {gap.ToLedger} were forgotten by the network before they were read: payments in them are not proven");
}
