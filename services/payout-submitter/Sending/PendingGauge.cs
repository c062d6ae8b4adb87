using Microsoft.EntityFrameworkCore;

namespace Payouts.Submitter.Sending;

/// <summary>Counts what is in flight, from the database: all of it, not one page.</summary>
public sealed class PendingGauge(IDbContextFactory<SubmitterDbContext> contexts, TimeProvider time, ILogger<PendingGauge> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var db = await contexts.CreateDbContextAsync(stoppingToken);
                SubmitterMetrics.Pending.Set(await db.Submissions.CountAsync(x => x.State != SubmissionState.Done, stoppingToken));
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.BackgroundWorkFailed(logger, "counting submissions", failure.Message);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
