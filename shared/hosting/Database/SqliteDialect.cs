using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Database;

/// <summary>SQLite: one writer at a time, in this process; a prepared statement in a loop is as fast as a set.</summary>
public sealed class SqliteDialect : ISqlDialect
{
    private const int Busy = 5;
    private const int Locked = 6;

    /// <inheritdoc />
    public SemaphoreSlim? WriterGate { get; } = new(1, 1);

    /// <inheritdoc />
    public async Task<HashSet<Guid>> AcceptAsync(DbTransaction transaction, string consumer, IReadOnlyCollection<Guid> messageIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            "insert into inbox (consumer, message_id, received_at) values ($consumer, $id, $now) on conflict do nothing");
        command.Parameters.AddWithValue("$consumer", consumer);
        var id = command.Parameters.Add("$id", SqliteType.Text);
        command.Parameters.AddWithValue("$now", now.UtcDateTime);
        var accepted = new HashSet<Guid>();
        foreach (var messageId in messageIds)
        {
            id.Value = messageId;
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
                accepted.Add(messageId);
        }

        return accepted;
    }

    /// <inheritdoc />
    public async Task StoreAsync(DbTransaction transaction, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            "insert into outbox (message_id, message_type, body, queue, created_at, due_at) values ($id, $type, $body, $queue, $at, $at)");
        var id = command.Parameters.Add("$id", SqliteType.Text);
        var type = command.Parameters.Add("$type", SqliteType.Text);
        var body = command.Parameters.Add("$body", SqliteType.Blob);
        var queue = command.Parameters.Add("$queue", SqliteType.Text);
        command.Parameters.AddWithValue("$at", messages[0].CreatedAt.UtcDateTime);
        foreach (var message in messages)
        {
            (id.Value, type.Value, body.Value, queue.Value) = (message.MessageId, message.MessageType, message.Body, (object?)message.Queue ?? DBNull.Value);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<StoredMessage>> LockDueAsync(DbTransaction transaction, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            "select id, message_id, message_type, body, queue from outbox where due_at <= $now order by id limit $limit");
        command.Parameters.AddWithValue("$limit", limit);
        command.Parameters.AddWithValue("$now", now.UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<StoredMessage>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new StoredMessage(reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        return rows;
    }

    /// <inheritdoc />
    public Task RemoveAsync(DbTransaction transaction, IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        ForEachAsync(Command(transaction, "delete from outbox where id = $id"), ids, cancellationToken);

    /// <inheritdoc />
    public Task PostponeAsync(DbTransaction transaction, IReadOnlyList<long> ids, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var command = Command(transaction, "update outbox set due_at = $due where id = $id");
        command.Parameters.AddWithValue("$due", dueAt.UtcDateTime);
        return ForEachAsync(command, ids, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<int> ForgetInboxAsync(DbTransaction transaction, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            "delete from inbox where rowid in (select rowid from inbox where received_at < $before limit $limit)");
        command.Parameters.AddWithValue("$before", before.UtcDateTime);
        command.Parameters.AddWithValue("$limit", limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<int> ForgetAsync(DbTransaction transaction, string delete, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, delete);
        command.Parameters.AddWithValue("$1", before.UtcDateTime);
        command.Parameters.AddWithValue("$2", limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<(long Count, DateTimeOffset? Oldest)> OutboxStateAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*), min(created_at) from outbox";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        DateTimeOffset? oldest = reader.IsDBNull(1) ? null
            : DateTimeOffset.Parse(reader.GetString(1), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return (reader.GetInt64(0), oldest);
    }

    /// <inheritdoc />
    public bool IsTransient(Exception exception) => IsUnavailable(exception) || exception.Chain().Any(e =>
        // 2067 unique constraint, 1555 primary key: another writer was first.
        e is SqliteException { SqliteExtendedErrorCode: 2067 or 1555 } or Microsoft.EntityFrameworkCore.DbUpdateConcurrencyException);

    /// <inheritdoc />
    public bool IsUnavailable(Exception exception) => exception.Chain().Any(e => e is SqliteException { SqliteErrorCode: Busy or Locked });

    /// <inheritdoc />
    public string ForUpdate(bool skipLocked) => "";

    private static async Task ForEachAsync(SqliteCommand command, IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        await using (command)
        {
            var parameter = command.Parameters.Add("$id", SqliteType.Integer);
            foreach (var id in ids)
            {
                parameter.Value = id;
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }

    private static SqliteCommand Command(DbTransaction transaction, string sql)
    {
        var own = (SqliteTransaction)transaction;
        return new SqliteCommand(sql, own.Connection, own);
    }
}
