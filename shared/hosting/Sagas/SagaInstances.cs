using System.Linq.Expressions;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Sagas;

/// <summary>The saga rows that a transaction works on: locked and loaded in one statement, saved with the transaction.</summary>
public sealed class SagaInstances<TDb, TSaga>(UnitOfWork<TDb> unit)
    where TDb : ServiceDbContext
    where TSaga : class, ISaga
{
    private readonly Dictionary<Guid, TSaga> _loaded = [];

    /// <summary>This transaction's instances.</summary>
    public static SagaInstances<TDb, TSaga> Of(UnitOfWork<TDb> unit) => unit.Part(own => new SagaInstances<TDb, TSaga>(own));

    /// <summary>Locks and loads those that exist, in key order so that two transactions wait for each other instead of deadlocking.</summary>
    public async Task LockAsync(IEnumerable<Guid> correlationIds, CancellationToken cancellationToken)
    {
        var wanted = correlationIds.Where(id => !_loaded.ContainsKey(id)).Distinct().Order().ToArray();
        if (wanted.Length == 0)
            return;
        var set = unit.Db.Set<TSaga>();
        var (table, key) = Names(unit.Db);
        // Table and column names come from the model, never from a message.
        var lockRows = string.Concat("select * from ", table, " where ", key, " = any({0}) order by ", key, " ", unit.Dialect.ForUpdate(skipLocked: false));
        var rows = unit.Dialect.WriterGate is null ? set.FromSqlRaw(lockRows, wanted) : set.Where(IdIn(wanted));
        foreach (var saga in await rows.AsTracking().ToListAsync(cancellationToken))
            _loaded[saga.CorrelationId] = saga;
    }

    /// <summary>The instance, if it exists.</summary>
    public async Task<TSaga?> FindAsync(Guid correlationId, CancellationToken cancellationToken)
    {
        if (!_loaded.ContainsKey(correlationId))
            await LockAsync([correlationId], cancellationToken);
        return _loaded.GetValueOrDefault(correlationId);
    }

    /// <summary>A new instance, inserted at the commit.</summary>
    public void Add(TSaga saga)
    {
        _loaded.Add(saga.CorrelationId, saga);
        unit.Db.Add(saga);
    }

    /// <summary>Rows that the caller has locked and loaded itself.</summary>
    public void Attach(TSaga saga) => _loaded[saga.CorrelationId] = saga;

    private static Expression<Func<TSaga, bool>> IdIn(Guid[] ids) => saga => ids.Contains(saga.CorrelationId);

    private static (string Table, string Key) Names(TDb db)
    {
        var entity = db.Model.FindEntityType(typeof(TSaga))!;
        return (entity.GetTableName()!, entity.FindProperty(nameof(ISaga.CorrelationId))!.GetColumnName());
    }
}
