using Payouts.Hosting.Database;

namespace Payouts.Hosting.Retention;

/// <summary>What a table may forget.</summary>
/// <param name="Table">The table.</param>
/// <param name="Key">Its primary key's columns, comma separated.</param>
/// <param name="Condition">
/// SQL that is true for a row that is forgotten, the same for both databases; $1 is the time before which it must lie. Columns of the table are
/// named with it: another table in a subquery may have the same.
/// </param>
/// <typeparam name="TDb">The service's database.</typeparam>
public sealed record RetentionRule<TDb>(string Table, string Key, string Condition)
    where TDb : ServiceDbContext
{
    /// <summary>The statement: $1 the time, $2 the most rows at once.</summary>
    public string Statement => $"delete from {Table} where ({Key}) in (select {Key} from {Table} where {Condition} limit $2)";
}
