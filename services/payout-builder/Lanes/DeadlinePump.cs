using Payouts.Builder.Saga;
using Payouts.Hosting.Background;
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
    ILogger<DeadlinePump> logger)
    : BackgroundLoop("waking payouts", time, logger)
{
    private const int PayoutsPerTransactionMax = 200;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private readonly SagaRaiser<BuilderDbContext, Payout> _raiser = new(machine);

    /// <inheritdoc />
    protected override TimeSpan Pause => PollInterval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken) =>
        await units.RunAsync(unit => WakeAsync(unit, cancellationToken), cancellationToken) == PayoutsPerTransactionMax;

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
