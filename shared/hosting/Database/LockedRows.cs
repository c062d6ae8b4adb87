using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Database;

/// <summary>Rows that a transaction reads because it is about to change them.</summary>
public static class LockedRows
{
    /// <summary>
    /// Runs <paramref name="select"/> (a constant of the caller, values as {0}, {1}...) with the database's lock clause; the rows are
    /// tracked. With <paramref name="skipLocked"/> rows that somebody else works on are left to them.
    /// </summary>
    public static Task<List<TEntity>> LockAsync<TDb, TEntity>(this UnitOfWork<TDb> unit, string select, bool skipLocked, object[] values, CancellationToken cancellationToken)
        where TDb : ServiceDbContext
        where TEntity : class
    {
        var sql = string.Concat(select, " ", unit.Dialect.ForUpdate(skipLocked));
        return unit.Db.Set<TEntity>().FromSqlRaw(sql, values).AsTracking().ToListAsync(cancellationToken);
    }
}
