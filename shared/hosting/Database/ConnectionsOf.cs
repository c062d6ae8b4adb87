using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Payouts.Hosting.Database;

/// <summary>The connections of one service's database in this process: one pool for whoever asks, through EF Core or past it.</summary>
/// <typeparam name="TDb">The service's context.</typeparam>
internal sealed class ConnectionsOf<TDb>(DatabaseSettings settings) : IDisposable
    where TDb : ServiceDbContext
{
    /// <summary>Null for SQLite, whose driver pools by itself.</summary>
    public NpgsqlDataSource? Postgres { get; } = settings.Provider == DatabaseProvider.Postgres ? NpgsqlDataSource.Create(settings.ConnectionString) : null;

    /// <summary>A connection, not yet open.</summary>
    public DbConnection Create() => Postgres is { } source ? source.CreateConnection() : new SqliteConnection(settings.ConnectionString);

    /// <inheritdoc />
    public void Dispose() => Postgres?.Dispose();
}
