using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Background;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;

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
            var oldest = await db.SignRequests.AsNoTracking().Where(x => x.State == SignRequestState.Waiting && x.Deadline > now)
                .OrderBy(x => x.AskedAt).Select(x => (DateTimeOffset?)x.AskedAt).FirstOrDefaultAsync(cancellationToken);
            SignerMetrics.OldestWaiting.Set(oldest is { } since ? Math.Max(0, (now - since).TotalSeconds) : 0);
            // No write transaction when there is nothing to do, which is nearly always.
            var before = now - options.SweepAgeMin;
            if (!await db.SignRequests.AnyAsync(x => x.State == SignRequestState.AwaitingOrder && x.AskedAt < before, cancellationToken))
                return 0;
        }

        return await units.RunAsync(async unit =>
        {
            var released = await book.ReleaseAsync(unit, options.SweepBatchMax, unit.Now - options.SweepAgeMin, cancellationToken);
            return Math.Max(released, await book.GiveUpAsync(unit, options.SweepBatchMax, cancellationToken));
        }, cancellationToken);
    }
}
