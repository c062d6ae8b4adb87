using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Background;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;
using Payouts.Signer.Policies;

namespace Payouts.Signer.Requests;

/// <summary>
/// Looks through the requests that wait for an order. A request and its order may be committed by two transactions that did not see each other:
/// such a request is released here. One whose order never comes fails. Also measures how long the external signer keeps us waiting.
/// </summary>
internal sealed class RequestSweep(
    UnitOfWorkFactory<SignerDbContext> units, IDbContextFactory<SignerDbContext> contexts, SignRequestBook book, SignerOptions options, TimeProvider time, ILogger<RequestSweep> logger)
    : BackgroundLoop("looking through the sign requests", time, logger)
{
    /// <inheritdoc />
    protected override TimeSpan Pause => options.SweepInterval;

    protected override async Task<bool> StepAsync(CancellationToken cancellationToken) => await SweepAsync(cancellationToken) >= options.SweepBatchMax;

    private async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            // Since the payout was first asked for: a signer that is away for an hour is an hour late, however often the envelope was built anew meanwhile.
            var oldest = await db.SignRequests.AsNoTracking().Where(x => x.State == SignRequestState.Waiting && x.Deadline > now)
                .Join(db.SignRequests, open => open.PayoutId, any => any.PayoutId, (open, any) => any).Where(x => x.State == SignRequestState.Waiting)
                .OrderBy(x => x.AskedAt).Select(x => (DateTimeOffset?)x.AskedAt).FirstOrDefaultAsync(cancellationToken);
            SignerMetrics.OldestWaiting.Set(oldest is { } since ? Math.Max(0, (now - since).TotalSeconds) : 0);
            await MeasureHeldAsync(db, cancellationToken);
            // No write transaction when there is nothing to do, which is nearly always.
            var before = now - options.SweepAgeMin;
            if (!await db.SignRequests.AnyAsync(
                x => (x.State == SignRequestState.AwaitingOrder && x.AskedAt < before) || (x.State == SignRequestState.Held && x.JudgeAt <= now), cancellationToken))
                return 0;
        }

        return await units.RunAsync(async unit =>
        {
            var released = await book.ReleaseAsync(unit, options.SweepBatchMax, unit.Now - options.SweepAgeMin, cancellationToken);
            var givenUp = await book.GiveUpAsync(unit, options.SweepBatchMax, cancellationToken);
            return Math.Max(Math.Max(released, givenUp), await book.JudgeHeldAsync(unit, options.SweepBatchMax, cancellationToken));
        }, cancellationToken);
    }

    private static async Task MeasureHeldAsync(SignerDbContext db, CancellationToken cancellationToken)
    {
        var held = await db.SignRequests.Where(x => x.State == SignRequestState.Held).GroupBy(x => x.Decision!)
            .Select(x => new { Rule = x.Key, Count = x.Count() }).ToDictionaryAsync(x => x.Rule, x => x.Count, StringComparer.Ordinal, cancellationToken);
        foreach (var rule in Enum.GetNames<PolicyRule>())
            SignerMetrics.Held.WithLabels(rule).Set(held.GetValueOrDefault(rule));
    }
}
