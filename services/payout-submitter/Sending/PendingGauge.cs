using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Background;

namespace Payouts.Submitter.Sending;

/// <summary>Counts what is in flight, from the database: all of it, not one page.</summary>
public sealed class PendingGauge(IDbContextFactory<SubmitterDbContext> contexts, TimeProvider time, ILogger<PendingGauge> logger)
    : BackgroundLoop("counting submissions", time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        SubmitterMetrics.Pending.Set(await db.Submissions.CountAsync(x => x.State != SubmissionState.Done, cancellationToken));
        return false;
    }
}
