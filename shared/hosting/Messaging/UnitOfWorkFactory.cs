using System.Data;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Database;
using Payouts.Hosting.Steps;

namespace Payouts.Hosting.Messaging;

/// <summary>Begins transactions on a service's database.</summary>
public sealed class UnitOfWorkFactory<TDb>(
    IDbContextFactory<TDb> contexts, DatabaseOf<TDb> database, TimeProvider time, IStepPoints? points = null, IGroupGate? gate = null, IPublishedListener<TDb>? listener = null)
    where TDb : ServiceDbContext
{
    /// <summary>The points of this service's work.</summary>
    internal ServiceSteps Steps { get; } = new(points ?? new UnwatchedSteps(), database.Settings.Schema);

    /// <summary>Who decides which messages share a transaction.</summary>
    internal IGroupGate Gate { get; } = gate ?? new OpenGroupGate();

    /// <summary>The statements that differ between the databases.</summary>
    public ISqlDialect Dialect => database.Dialect;

    /// <summary>Set when a transaction leaves messages for the relay.</summary>
    public WakeSignal RelaySignal => database.RelaySignal;

    /// <summary>Begins a transaction. READ COMMITTED suffices: whoever changes a row has locked it first.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="step">Tells two transactions of one file apart in the names of their step points.</param>
    /// <param name="file">The file that begins it names the step points, so that no transaction is without them; left to the compiler.</param>
    public async Task<UnitOfWork<TDb>> BeginAsync(CancellationToken cancellationToken, string step = "", [CallerFilePath] string file = "")
    {
        if (database.Dialect.WriterGate is { } gate)
            await gate.WaitAsync(cancellationToken);
        TDb? db = null;
        try
        {
            db = await contexts.CreateDbContextAsync(cancellationToken);
            // One SaveChanges a transaction: savepoints would only add round trips.
            db.Database.AutoSavepointsEnabled = false;
            var isolation = database.Settings.Provider == DatabaseProvider.Sqlite ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted;
            var transaction = await db.Database.BeginTransactionAsync(isolation, cancellationToken);
            return new UnitOfWork<TDb>(db, transaction, database.Dialect, time.GetUtcNow(), database.NewMessageId, database.RelaySignal, Steps.Of(step, file), listener);
        }
        catch
        {
            if (db is not null)
                await db.DisposeAsync();
            database.Dialect.WriterGate?.Release();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> in a transaction of its own and commits it.</summary>
    /// <param name="work">What is done in it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="step">As in <see cref="BeginAsync"/>.</param>
    /// <param name="file">As in <see cref="BeginAsync"/>.</param>
    public async Task<TResult> RunAsync<TResult>(
        Func<UnitOfWork<TDb>, Task<TResult>> work, CancellationToken cancellationToken, string step = "", [CallerFilePath] string file = "")
    {
        await using var unit = await BeginAsync(cancellationToken, step, file);
        var result = await work(unit);
        await unit.CommitAsync(cancellationToken);
        return result;
    }
}
