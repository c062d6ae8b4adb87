using System.Data;
using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Database;

namespace Payouts.Hosting.Messaging;

/// <summary>Begins transactions on a service's database.</summary>
public sealed class UnitOfWorkFactory<TDb>(IDbContextFactory<TDb> contexts, DatabaseOf<TDb> database, TimeProvider time)
    where TDb : ServiceDbContext
{
    /// <summary>The statements that differ between the databases.</summary>
    public ISqlDialect Dialect => database.Dialect;

    /// <summary>Set when a transaction leaves messages for the relay.</summary>
    public WakeSignal RelaySignal => database.RelaySignal;

    /// <summary>Begins a transaction. READ COMMITTED suffices: whoever changes a row has locked it first.</summary>
    public async Task<UnitOfWork<TDb>> BeginAsync(CancellationToken cancellationToken)
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
            return new UnitOfWork<TDb>(db, transaction, database.Dialect, time.GetUtcNow(), database.NewMessageId, database.RelaySignal);
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
    public async Task<TResult> RunAsync<TResult>(Func<UnitOfWork<TDb>, Task<TResult>> work, CancellationToken cancellationToken)
    {
        await using var unit = await BeginAsync(cancellationToken);
        var result = await work(unit);
        await unit.CommitAsync(cancellationToken);
        return result;
    }
}
