using Npgsql;

namespace Payouts.Tests.Support;

/// <summary>One database of a test's own, with the role that owns it.</summary>
public sealed class TestDatabase
{
    private readonly NpgsqlConnectionStringBuilder _connection;

    internal TestDatabase(string name, NpgsqlConnectionStringBuilder connection) => (Name, _connection) = (name, connection);

    /// <summary>Name of the database and of its owner.</summary>
    public string Name { get; }

    /// <summary>The owner's password.</summary>
    public string Password => _connection.Password!;

    /// <summary>Npgsql form: Host=...;Port=...</summary>
    public string ConnectionString => _connection.ConnectionString;

    /// <summary>URL form, as in DATABASE_URL: postgres://user:password@host:port/database</summary>
    public string Url => PostgreSqlUrl.Format(_connection);

    /// <summary>The same database through another port, e.g. that of a <see cref="TcpProxy"/>.</summary>
    public TestDatabase Through(int port, string host = "127.0.0.1") =>
        new(Name, new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Host = host, Port = port });

    /// <summary>Opens a connection of its own, outside the pool.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken = default)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <summary>Reads one value, e.g. a count; null for no row or for SQL null.</summary>
    public async Task<T?> ReadAsync<T>(string sql, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is T value ? value : default;
    }

    /// <summary>Runs a statement and returns the number of rows it touched.</summary>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public override string ToString() => Name;
}
