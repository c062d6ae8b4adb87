using System.Reflection;
using DbUp;
using DbUp.Builder;
using DbUp.Engine;
using DbUp.Engine.Output;
using Npgsql;

namespace Payouts.Hosting.Database;

/// <summary>
/// Brings a service's schema to this version: plain SQL scripts, first the messaging tables that all services share, then the
/// service's own, each once. Replicas that start together wait for each other. Where nothing is left to run, nothing but reading is asked of the
/// database: a role that may change no table can start the service.
/// </summary>
public static class MigrationRunner
{
    private const string Journal = "schema_versions";

    /// <summary>Runs the scripts embedded under Migrations/Postgres or Migrations/Sqlite of the hosting room and of <paramref name="service"/>.</summary>
    /// <exception cref="InvalidOperationException">A script failed; its name is in the message and nothing after it ran; or the server has synchronous_commit off; or scripts are missing and the user may not run them.</exception>
    public static async Task RunAsync(DatabaseSettings settings, Assembly service, CancellationToken cancellationToken)
    {
        if (settings.Provider == DatabaseProvider.Sqlite)
        {
            var file = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(settings.ConnectionString).DataSource;
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
                Directory.CreateDirectory(folder);
            await PrepareSqliteAsync(settings, cancellationToken);
            Upgrade(EngineOf(DeployChanges.To.SqliteDatabase(settings.ConnectionString), ScriptsOf("Sqlite", service)));
            return;
        }

        // Not pooled: closing it gives the lock back, also after a script that failed.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await RefuseForgetfulAsync(connection, cancellationToken);
        var scripts = ScriptsOf("Postgres", service);
        // What almost every start finds; the library that runs scripts takes several times as long to find it.
        if (await HasRunAsync(connection, settings.Schema, scripts, cancellationToken))
            return;
        if (!await MayMigrateAsync(connection, cancellationToken))
            throw new InvalidOperationException($"database \"{connection.Database}\" lacks migrations of this version, and its user may not run them: run the command \"{MigrateCommand.Name}\" as the owner of the database first");
        await ExecuteAsync(connection, $"select pg_advisory_lock(hashtextextended('payouts migrations {settings.Schema}', 0))", cancellationToken);
        await ExecuteAsync(connection, $"create schema if not exists {settings.Schema}", cancellationToken);
        Upgrade(EngineOf(DeployChanges.To.PostgresqlDatabase(settings.ConnectionString).JournalToPostgresqlTable(settings.Schema, Journal), scripts));
    }

    private static async Task<bool> HasRunAsync(NpgsqlConnection connection, string schema, IEnumerable<SqlScript> scripts, CancellationToken cancellationToken)
    {
        await using var journal = new NpgsqlCommand("select to_regclass($1) is not null", connection) { Parameters = { new() { Value = $"{schema}.{Journal}" } } };
        if (await journal.ExecuteScalarAsync(cancellationToken) is not true)
            return false;
        await using var command = new NpgsqlCommand($"select scriptname from {schema}.{Journal}", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var run = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            run.Add(reader.GetString(0));
        return scripts.All(script => run.Contains(script.Name));
    }

    private static async Task<bool> MayMigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select has_database_privilege(current_database(), 'create')", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>A message is acknowledged once its effects are committed, so a commit that a crash may forget is a lost payout.</summary>
    private static async Task RefuseForgetfulAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("show synchronous_commit", connection);
        if ((string?)await command.ExecuteScalarAsync(cancellationToken) is "off")
            throw new InvalidOperationException($"database \"{connection.Database}\" answers a commit before it is on disk (synchronous_commit is off), "
                + "so a crash of PostgreSQL loses payouts: set synchronous_commit to on for this server, database and user");
    }

    private static void Upgrade(UpgradeEngine engine)
    {
        var result = engine.PerformUpgrade();
        if (!result.Successful)
            throw new InvalidOperationException($"migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
    }

    private static SqlScript[] ScriptsOf(string folder, Assembly service) => [.. new[] { typeof(MigrationRunner).Assembly, service }.SelectMany((assembly, order) =>
        assembly.GetManifestResourceNames()
            .Where(name => name.Contains($".Migrations.{folder}.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new SqlScript($"{(order == 0 ? "hosting" : "service")}/{name.Split($".{folder}.")[1]}", Read(assembly, name))))];

    private static UpgradeEngine EngineOf(UpgradeEngineBuilder builder, SqlScript[] scripts) =>
        builder.WithScripts(scripts).WithScriptNameComparer(StringComparer.Ordinal).WithTransactionPerScript().LogTo(new NoOpUpgradeLog()).WithVariablesDisabled().Build();

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static async Task PrepareSqliteAsync(DatabaseSettings settings, CancellationToken cancellationToken)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        // Readers do not wait for the writer. The driver leaves synchronous at full: a commit is on disk when it returns.
        command.CommandText = "pragma journal_mode = wal";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
