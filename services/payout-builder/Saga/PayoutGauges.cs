using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Background;

namespace Payouts.Builder.Saga;

/// <summary>Counts payouts by state for the dashboards: from the database, so that a restart or a second replica shows no other truth.</summary>
public sealed class PayoutGauges(IDbContextFactory<BuilderDbContext> contexts, PayoutStateMachine machine, TimeProvider time, ILogger<PayoutGauges> logger)
    : BackgroundLoop("counting payouts", time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Ended payouts grow for ever; the pipeline's own counter tells them.
        var open = await db.Payouts.AsNoTracking().Where(x => x.CurrentState != "Confirmed" && x.CurrentState != "Cancelled" && x.CurrentState != "WrittenOff")
            .GroupBy(x => x.CurrentState).Select(x => new { State = x.Key, Count = x.Count(), Oldest = x.Min(p => p.EnteredStateAt) })
            .ToListAsync(cancellationToken);
        var now = Time.GetUtcNow();
        foreach (var state in machine.States.Select(x => x.Name).Where(x => x is not ("Initial" or "Final" or "Confirmed" or "Cancelled" or "WrittenOff")))
        {
            var found = open.Find(x => x.State == state);
            BuilderMetrics.InState.WithLabels(state).Set(found?.Count ?? 0);
            BuilderMetrics.OldestInState.WithLabels(state).Set(found is null ? 0 : Math.Max(0, (now - found.Oldest).TotalSeconds));
        }

        return false;
    }
}
