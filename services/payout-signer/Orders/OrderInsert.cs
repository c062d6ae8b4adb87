using System.Data.Common;
using System.Globalization;
using System.Numerics;
using Microsoft.Data.Sqlite;
using Npgsql;
using Payouts.Contracts;

namespace Payouts.Signer.Orders;

/// <summary>
/// Stores thousands of orders in one statement and says which were new. A round has up to 10,000 winners, too many for one entity each;
/// "on conflict do nothing" keeps the first order of a debt whoever else inserts at the same time.
/// </summary>
internal static class OrderInsert
{
    public static Task<HashSet<PayoutId>> RunAsync(DbTransaction transaction, IReadOnlyCollection<Order> orders, DateTimeOffset now, CancellationToken cancellationToken) => transaction switch
    {
        NpgsqlTransaction postgres => PostgresAsync(postgres, orders, now, cancellationToken),
        SqliteTransaction sqlite => SqliteAsync(sqlite, orders, now, cancellationToken),
        _ => throw new InvalidOperationException($"orders are kept in PostgreSQL or SQLite, not through {transaction.GetType().Name}"),
    };

    private static async Task<HashSet<PayoutId>> PostgresAsync(NpgsqlTransaction transaction, IReadOnlyCollection<Order> orders, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Sorted, so that two transactions that insert the same debts wait for each other instead of deadlocking.
        var rows = orders.OrderBy(x => x.PayoutId.Value).ToList();
        await using var command = new NpgsqlCommand(
            """
            insert into orders (payout_id, context, pool_id, round_number, winner, amount, currency, round_id, ordered_by, reason, kept_at)
            select x.*, $11 from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as x
            on conflict do nothing returning payout_id
            """, transaction.Connection, transaction);
        Add(x => x.PayoutId.Value);
        Add(x => x.Context);
        Add(x => (long)x.PoolId);
        Add(x => (long)x.RoundNumber);
        Add(x => x.Winner);
        Add(x => (BigInteger)x.Amount.Value);
        Add(x => x.Currency);
        Add(x => x.RoundId);
        Add(x => x.OrderedBy);
        Add(x => x.Reason);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var inserted = new HashSet<PayoutId>();
        while (await reader.ReadAsync(cancellationToken))
            inserted.Add(new PayoutId(reader.GetGuid(0)));
        return inserted;

        void Add<T>(Func<Order, T> column) => command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = rows.Select(column).ToArray() });
    }

    private static async Task<HashSet<PayoutId>> SqliteAsync(SqliteTransaction transaction, IReadOnlyCollection<Order> orders, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new SqliteCommand(
            """
            insert into orders (payout_id, context, pool_id, round_number, winner, amount, currency, round_id, ordered_by, reason, kept_at)
            values ($payout_id, $context, $pool_id, $round_number, $winner, $amount, $currency, $round_id, $ordered_by, $reason, $now)
            on conflict do nothing
            """, transaction.Connection, transaction);
        var inserted = new HashSet<PayoutId>();
        foreach (var order in orders)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$payout_id", order.PayoutId.Value);
            command.Parameters.AddWithValue("$context", order.Context);
            command.Parameters.AddWithValue("$pool_id", (long)order.PoolId);
            command.Parameters.AddWithValue("$round_number", (long)order.RoundNumber);
            command.Parameters.AddWithValue("$winner", order.Winner);
            command.Parameters.AddWithValue("$amount", order.Amount.Value.ToString(CultureInfo.InvariantCulture));
            command.Parameters.AddWithValue("$currency", order.Currency);
            command.Parameters.AddWithValue("$round_id", order.RoundId);
            command.Parameters.AddWithValue("$ordered_by", (object?)order.OrderedBy ?? DBNull.Value);
            command.Parameters.AddWithValue("$reason", (object?)order.Reason ?? DBNull.Value);
            command.Parameters.AddWithValue("$now", now.UtcDateTime);
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
                inserted.Add(order.PayoutId);
        }

        return inserted;
    }
}
