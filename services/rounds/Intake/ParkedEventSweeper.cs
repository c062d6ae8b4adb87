using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Background;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Intake;

/// <summary>Gives events that waited too long a last chance and puts them aside: an early event is never lost, and never waits for ever.</summary>
internal sealed class ParkedEventSweeper(
    UnitOfWorkFactory<RoundsDbContext> units, GameEventHandler handler, RoundsOptions options, TimeProvider time, ILogger<ParkedEventSweeper> logger)
    : BackgroundLoop("looking through the parked events", time, logger)
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
    protected override TimeSpan Pause => options.SweepInterval;

    /// <inheritdoc />
    protected override bool PausesFirst => true;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken) => await SweepAsync(cancellationToken) == options.SweepBatchMax;

}
