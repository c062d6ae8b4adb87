using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Payouts.Hosting.Steps;
using Payouts.Tests.Simulation.Chance;

namespace Payouts.Tests.Simulation.Wiring;

/// <summary>
/// Decides at each point between two effects whether the process dies there, or is overtaken by others. Points inside a service are named by the
/// service itself (<see cref="IStepPoints"/>); those at its edges by the simulation.
/// </summary>
internal sealed class Points(Dice dice, Scenario scenario, Tally tally, Trace trace)
{
    /// <summary>The one flow that runs now.</summary>
    public Flow? Current { get; set; }

    public bool IsFaulty { get; set; } = true;

    private static Task Never => new TaskCompletionSource().Task;

    /// <summary>A point inside the service. It dies at its next effect, which then never happens: nothing lies between.</summary>
    public void Mark(ServiceProcess process, string point)
    {
        if (IsFaulty && process.DiesAt is null && Current is not null && dice.Chance(scenario.CrashPerMille))
            process.DiesAt = point;
    }

    /// <summary>A point at the service's edge. Returns when the flow may go on; never, when its process died here or before.</summary>
    public async Task PassAsync(ServiceProcess process, string point, bool mayPark = false)
    {
        Mark(process, $"{process.Name}/{point}");
        await LiveAsync(process);
        if (mayPark && IsFaulty && Current is { } flow && dice.Chance(scenario.ParkPerMille))
        {
            trace.Add($"  {flow.Name} waits, {point}");
            tally.Add("fault", "SlowCall");
            await flow.ParkAsync();
        }
    }

    /// <summary>An effect is about to happen: a process that died before it has none.</summary>
    public async Task LiveAsync(ServiceProcess process)
    {
        if (process.IsDead)
            await Never;
        if (process.DiesAt is not null && Current is { } flow)
        {
            process.IsDead = true;
            await flow.DieAsync();
        }
    }

    /// <summary>Counts a death.</summary>
    public void Die(ServiceProcess process, string point)
    {
        trace.Add($"  {process.Label} dies: {point}");
        tally.Add("crash", point[(point.LastIndexOf('/') + 1)..]);
        tally.Add("killed", process.Name);
        tally.Add("point", point);
    }
}

/// <summary>The points that a service names itself.</summary>
internal sealed class StepPoints(ServiceProcess process, Points points) : IStepPoints
{
    public bool AreWatched => true;

    public void Pass(string point) => points.Mark(process, point);
}

/// <summary>A transaction of a process that died is not committed.</summary>
internal sealed class TransactionPoints(ServiceProcess process, Points points) : DbTransactionInterceptor
{
    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        await points.LiveAsync(process);
        return result;
    }
}

/// <summary>Knows which connections are open, so that a crash can take them away: SQLite then rolls back what was not committed.</summary>
internal sealed class OpenConnections(ServiceProcess process, Points points) : DbConnectionInterceptor
{
    private readonly HashSet<DbConnection> _open = [];

    /// <summary>A dead process, of which a timer may still fire, reaches the database no more.</summary>
    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        await points.LiveAsync(process);
        return result;
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Add(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Add(connection);
        return Task.CompletedTask;
    }

    public override void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Remove(connection);

    public override Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Remove(connection);
        return Task.CompletedTask;
    }

    public void CloseAll()
    {
        lock (_open)
        {
            foreach (var connection in _open)
                connection.Close();
            _open.Clear();
        }
    }

    private void Add(DbConnection connection)
    {
        lock (_open)
            _open.Add(connection);
    }

    private void Remove(DbConnection connection)
    {
        lock (_open)
            _open.Remove(connection);
    }
}
