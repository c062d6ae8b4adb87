using Npgsql;

namespace Payouts.Tests.Support;

/// <summary>A PostgreSQL server of the tests' own.</summary>
public sealed class PostgreSqlServer : ManagedServer
{
    private readonly NpgsqlConnectionStringBuilder _superuser;
    private int _databases;

    private PostgreSqlServer(IServerHost host, NpgsqlConnectionStringBuilder superuser)
        : base(host) => _superuser = superuser;

    /// <inheritdoc />
    public override string Name => FormattableString.Invariant($"PostgreSQL on {_superuser.Host}:{_superuser.Port}");

    /// <summary>Address that it listens on.</summary>
    public string Host => _superuser.Host!;

    /// <summary>TCP port that it listens on, the same after a restart.</summary>
    public int Port => _superuser.Port;

    /// <summary>Npgsql connection string of its superuser.</summary>
    public string SuperuserConnectionString => _superuser.ConnectionString;

    /// <summary>Starts a server of the test's own: for tests that stop, kill or freeze it.</summary>
    public static async Task<PostgreSqlServer> StartNewAsync(PostgreSqlOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PostgreSqlOptions();
        var (host, superuser) = await ServersModeChoice.GetAsync() == ServersMode.Docker
            ? PostgreSqlContainerHost.Create(options)
            : await PostgreSqlLocalHost.CreateAsync(options);
        return await ReadyAsync(new PostgreSqlServer(host, superuser), cancellationToken);
    }

    /// <summary>Uses a server that runs already, given as the URL of its superuser.</summary>
    internal static Task<PostgreSqlServer> UseAsync(string url, string variable, CancellationToken cancellationToken) =>
        ReadyAsync(new PostgreSqlServer(new ExternalServerHost(variable), PostgreSqlUrl.Parse(url)), cancellationToken);

    /// <summary>A new, empty database that belongs to a new role of the same name.</summary>
    /// <param name="name">First part of its name: lower case letters, digits and underscores.</param>
    public async Task<TestDatabase> CreateDatabaseAsync(string name = "test", CancellationToken cancellationToken = default)
    {
        // The process id keeps test processes that share one server apart.
        var unique = FormattableString.Invariant($"{name}_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}");
        if (unique.Length > 63 || !unique.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_'))
        {
            throw new ArgumentException($"'{name}' cannot name a database: lower case letters, digits and underscores, at most 40.", nameof(name));
        }

        var database = new TestDatabase(unique, new NpgsqlConnectionStringBuilder(_superuser.ConnectionString)
        {
            Database = unique,
            Username = unique,
            // Unlike the name, so that it can be looked for where it must not be.
            Password = $"password_of_{unique}",
        });
        await ExecuteAsync($"create role {unique} login password '{database.Password}'", cancellationToken);
        await ExecuteAsync($"create database {unique} owner {unique}", cancellationToken);
        return database;
    }

    /// <summary>Cuts every connection to a database, as a failover would.</summary>
    /// <returns>How many were cut.</returns>
    public async Task<int> CutConnectionsAsync(TestDatabase database, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = database.Name });
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Value of a server setting, e.g. fsync.</summary>
    public async Task<string> ShowAsync(string setting, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select current_setting($1)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = setting });
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Runs a statement as the superuser.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken = default)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private protected override async Task<bool> ServesClientsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select 1", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is 1;
    }

    // After a kill the children of the old server take a moment to notice, and until then the new one refuses the data folder.
    private protected override bool IsWorthAnotherStart(string output) => output.Contains("is still in use", StringComparison.Ordinal);

    private static async Task<PostgreSqlServer> ReadyAsync(PostgreSqlServer server, CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        // Not pooled: a pooled one would fail once after each restart of the server.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_superuser.ConnectionString) { Pooling = false, Timeout = 5 }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
