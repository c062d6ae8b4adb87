using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Database;

/// <summary>What belongs to one service's database in this process: settings, dialect, the signal of its relay.</summary>
/// <typeparam name="TDb">The service's context: in the embedded process there are four.</typeparam>
public sealed class DatabaseOf<TDb>(DatabaseSettings settings, Func<DateTimeOffset, Guid>? newMessageId = null) : IDisposable
    where TDb : ServiceDbContext
{
    /// <summary>Where the database is.</summary>
    public DatabaseSettings Settings { get; } = settings;

    /// <summary>The statements that differ between the databases.</summary>
    public ISqlDialect Dialect { get; } = settings.Provider == DatabaseProvider.Postgres ? new PostgresDialect() : new SqliteDialect();

    /// <summary>Wakes the relay of this database's outbox.</summary>
    public WakeSignal RelaySignal { get; } = new();

    /// <summary>Names new messages; ids ascend in time so that index pages stay warm.</summary>
    public Func<DateTimeOffset, Guid> NewMessageId { get; } = newMessageId ?? Guid.CreateVersion7;

    /// <inheritdoc />
    public void Dispose()
    {
        RelaySignal.Dispose();
        Dialect.WriterGate?.Dispose();
    }
}
