using Payouts.Builder.Saga;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Sagas;

namespace Payouts.Builder.Lanes;

/// <summary>
/// The payouts' timers: a payout's row says when it must be looked at again, and this looks. No message waits in a broker, no timer
/// outlives the state that set it.
/// </summary>
public sealed class DeadlinePump(
    UnitOfWorkFactory<BuilderDbContext> units,
    PayoutStateMachine machine,
    LaneSignal signal,
    TimeProvider time,
    ILogger<DeadlinePump> logger) : BackgroundService
{
    private const int PayoutsPerTransactionMax = 200;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private readonly SagaRaiser<BuilderDbContext, Payout> _raiser = new(machine);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await units.RunAsync(unit => WakeAsync(unit, stoppingToken), stoppingToken) == PayoutsPerTransactionMax)
                    continue;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.BackgroundWorkFailed(logger, "waking payouts", failure.Message);
            }

            await Task.Delay(PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> WakeAsync(UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        var due = await unit.LockAsync<BuilderDbContext, Payout>(
            "select * from payouts where wake_at <= {0} order by wake_at limit {1}", skipLocked: true,
            [unit.Now.UtcDateTime, PayoutsPerTransactionMax], cancellationToken);
        foreach (var payout in due)
            await _raiser.RaiseAsync(unit, payout, machine.DeadlineReached, new DeadlineReached { PayoutId = payout.Id }, cancellationToken);
        if (due.Count > 0)
            unit.AfterCommit(signal.Set);
        return due.Count;
    }
}
