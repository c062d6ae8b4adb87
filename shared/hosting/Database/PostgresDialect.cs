using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Database;

/// <summary>PostgreSQL: arrays carry the set, row locks with SKIP LOCKED let replicas share the work.</summary>
public sealed class PostgresDialect : ISqlDialect
{
    /// <inheritdoc />
    public SemaphoreSlim? WriterGate => null;

    /// <inheritdoc />
    public async Task<HashSet<Guid>> AcceptAsync(DbTransaction transaction, string consumer, IReadOnlyCollection<Guid> messageIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Sorted, so that two transactions that insert the same ids wait for each other instead of deadlocking.
        await using var command = Command(transaction,
            """
            insert into inbox (consumer, message_id, received_at)
            select $1, id, $3 from unnest($2) as id order by id
            on conflict do nothing returning message_id
            """);
        command.Parameters.Add(new() { Value = consumer });
        command.Parameters.Add(new() { Value = messageIds.ToArray() });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var accepted = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            accepted.Add(reader.GetGuid(0));
        return accepted;
    }

    /// <inheritdoc />
    public async Task StoreAsync(DbTransaction transaction, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            """
            insert into outbox (message_id, message_type, body, queue, created_at, due_at)
            select m, t, b, q, $5, $5 from unnest($1, $2, $3, $4) as x (m, t, b, q)
            """);
        command.Parameters.Add(new() { Value = messages.Select(x => x.MessageId).ToArray() });
        command.Parameters.Add(new() { Value = messages.Select(x => x.MessageType).ToArray() });
        command.Parameters.Add(new() { Value = messages.Select(x => x.Body).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = messages.Select(x => x.Queue).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = messages[0].CreatedAt.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<StoredMessage>> LockDueAsync(DbTransaction transaction, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            "select id, message_id, message_type, body, queue from outbox where due_at <= $2 order by id limit $1 for update skip locked");
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<StoredMessage>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new StoredMessage(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        return rows;
    }

    /// <inheritdoc />
    public async Task RemoveAsync(DbTransaction transaction, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "delete from outbox where id = any($1)");
        command.Parameters.Add(new() { Value = ids.ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task PostponeAsync(DbTransaction transaction, IReadOnlyList<long> ids, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "update outbox set due_at = $2 where id = any($1)");
        command.Parameters.Add(new() { Value = ids.ToArray() });
        command.Parameters.Add(new() { Value = dueAt.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<int> ForgetInboxAsync(DbTransaction transaction, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            "delete from inbox where ctid in (select ctid from inbox where received_at < $1 limit $2)");
        command.Parameters.Add(new() { Value = before.UtcDateTime });
        command.Parameters.Add(new() { Value = limit });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<int> ForgetAsync(DbTransaction transaction, string delete, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, delete);
        command.Parameters.Add(new() { Value = before.UtcDateTime });
        command.Parameters.Add(new() { Value = limit });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<(long Count, DateTimeOffset? Oldest)> OutboxStateAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*), min(created_at) from outbox";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.IsDBNull(1) ? null : new DateTimeOffset(reader.GetDateTime(1)));
    }

    /// <inheritdoc />
    public bool IsTransient(Exception exception) => IsUnavailable(exception) || exception.Chain().Any(e =>
        // A lost race to create the same row: on the next try the row is there.
        e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }
            or Microsoft.EntityFrameworkCore.DbUpdateConcurrencyException);

    /// <inheritdoc />
    public bool IsUnavailable(Exception exception) => exception.Chain().Any(e =>
        e is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.TooManyConnections }
            or NpgsqlException { IsTransient: true } and not PostgresException
            or System.Net.Sockets.SocketException or EndOfStreamException or TimeoutException);

    /// <inheritdoc />
    public string ForUpdate(bool skipLocked) => skipLocked ? "for update skip locked" : "for update";

    private static NpgsqlCommand Command(DbTransaction transaction, string sql)
    {
        var own = (NpgsqlTransaction)transaction;
        return new NpgsqlCommand(sql, own.Connection, own);
    }
}
