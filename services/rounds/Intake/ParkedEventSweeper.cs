using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Intake;

/// <summary>Gives events that waited too long a last chance and puts them aside: an early event is never lost, and never waits for ever.</summary>
internal sealed class ParkedEventSweeper(
    UnitOfWorkFactory<RoundsDbContext> units, GameEventHandler handler, RoundsOptions options, TimeProvider time, ILogger<ParkedEventSweeper> logger) : BackgroundService
{
    /// <summary>Handles at most one batch; returns how many events it gave their last chance.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await using var unit = await units.BeginAsync(cancellationToken);
        var before = unit.Now - options.ParkedAgeMax;
        var tooOld = unit.Db.Parked.AsTracking().Where(x => x.ReceivedAt < before).OrderBy(x => x.ReceivedAt).Take(options.SweepBatchMax);
        var rows = await tooOld.ToListAsync(cancellationToken);
        if (rows.Count == 0)
            return 0;
        // A row that another transaction applied meanwhile fails this one's delete: it is rolled back and the next sweep sees what is left.
        await handler.HandleAsync(rows.ConvertAll(row => Arrival.Of(row, isLastChance: true)), unit, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return rows.Count;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.SweepInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                while (await SweepAsync(stoppingToken) == options.SweepBatchMax)
                    await Task.Yield();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.SweepFailed(logger, failure.Message);
            }
        }
    }
}
