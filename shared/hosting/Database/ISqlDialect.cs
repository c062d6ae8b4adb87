using System.Data.Common;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Database;

/// <summary>
/// The few statements that must be set-based and that PostgreSQL and SQLite write differently. Everything else goes through EF Core.
/// All of them run inside the caller's transaction.
/// </summary>
public interface ISqlDialect
{
    /// <summary>Held while a write transaction is open when the database has a single writer; null when it has many.</summary>
    SemaphoreSlim? WriterGate { get; }

    /// <summary>Records that <paramref name="consumer"/> handles these messages; returns those it had not handled before.</summary>
    Task<HashSet<Guid>> AcceptAsync(DbTransaction transaction, string consumer, IReadOnlyCollection<Guid> messageIds, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Stores messages to be sent after the commit.</summary>
    Task StoreAsync(DbTransaction transaction, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken);

    /// <summary>Locks the oldest due messages that no other relay holds.</summary>
    Task<IReadOnlyList<StoredMessage>> LockDueAsync(DbTransaction transaction, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes messages that the broker has confirmed.</summary>
    Task RemoveAsync(DbTransaction transaction, IReadOnlyList<long> ids, CancellationToken cancellationToken);

    /// <summary>Puts messages off that the broker did not take.</summary>
    Task PostponeAsync(DbTransaction transaction, IReadOnlyList<long> ids, DateTimeOffset dueAt, CancellationToken cancellationToken);

    /// <summary>Removes inbox rows older than <paramref name="before"/>, at most <paramref name="limit"/>; returns how many.</summary>
    Task<int> ForgetInboxAsync(DbTransaction transaction, DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Runs a delete whose $1 is <paramref name="before"/> and whose $2 is <paramref name="limit"/>; returns how many rows are gone.</summary>
    Task<int> ForgetAsync(DbTransaction transaction, string delete, DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>How many messages wait in the outbox, and since when the oldest.</summary>
    Task<(long Count, DateTimeOffset? Oldest)> OutboxStateAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>True for a failure that a later try of the same transaction may not have: lost connection, deadlock, lost race for a key.</summary>
    bool IsTransient(Exception exception);

    /// <summary>True when the database itself cannot be reached: the message is innocent and goes back to its queue.</summary>
    bool IsUnavailable(Exception exception);

    /// <summary>The lock clause that ends a select of rows about to be changed.</summary>
    string ForUpdate(bool skipLocked);
}
