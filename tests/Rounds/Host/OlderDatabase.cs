using System.Data.Common;
using System.Globalization;
using System.Reflection;
using DbUp;
using DbUp.Builder;
using DbUp.Engine;
using DbUp.Engine.Output;
using Microsoft.Data.Sqlite;
using Npgsql;
using Payouts.Hosting.Database;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Tests.Host;

/// <summary>A database as a program of an earlier time left it: the scripts that were there then, and rows written by plain SQL.</summary>
internal static class OlderDatabase
{
    /// <summary>Runs the service's scripts that come before this one, and then the statements.</summary>
    public static async Task FillAsync(DatabaseSettings settings, string before, IEnumerable<string> statements)
    {
        var isSqlite = settings.Provider == DatabaseProvider.Sqlite;
        await using DbConnection connection = isSqlite ? new SqliteConnection(settings.ConnectionString) : new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        if (!isSqlite)
            await ExecuteAsync(connection, $"create schema {settings.Schema}");
        Upgrade(isSqlite
            ? DeployChanges.To.SqliteDatabase(settings.ConnectionString)
            : DeployChanges.To.PostgresqlDatabase(settings.ConnectionString).JournalToPostgresqlTable(settings.Schema, "schema_versions"), isSqlite ? "Sqlite" : "Postgres", before);
        foreach (var statement in statements)
            await ExecuteAsync(connection, statement);
    }

    /// <summary>Rows of a round before the trail: two players of 1 each, and debts to them with how they ended.</summary>
    public static IEnumerable<string> Round(string id, int number, string state, params string?[] outcomes)
    {
        var confirmed = outcomes.Count(outcome => outcome == "Confirmed");
        var owed = outcomes.Length;
        string Units(int units) => string.Create(CultureInfo.InvariantCulture, $"'{units * 10_000_000L}'");
        string At(bool happened) => happened ? "'2026-01-01 00:00:00'" : "null";
        yield return $"""
            insert into rounds (id, state, context, pool_id, round_number, currency, entries, stakes, house_yield, policy, policy_version, outcome, draw_digest, owed, payouts, confirmed, paid, opened_at, closed_at, resolved_at, settled_at)
            values ('{id}', '{state}', 'older', 1, {number}, 'XLM', 2, {Units(2)}, '0', {(owed > 0 ? "'reported', 1, 'Won', 'ab'" : "null, null, null, null")}, {Units(owed)}, {owed}, {confirmed}, {Units(confirmed)},
                {At(true)}, {At(state != "OPEN")}, {At(owed > 0)}, {At(state == "SETTLED")})
            """;
        for (var player = 1; player <= 2; player++)
            yield return $"insert into round_entries (round_id, player, stake) values ('{id}', '{Game.Player(player)}', {Units(1)})";
        for (var player = 1; player <= owed; player++)
        {
            var hasEnded = outcomes[player - 1] is not null;
            var isPaid = outcomes[player - 1] == "Confirmed";
            yield return $"""
                insert into round_payouts (round_id, winner, amount, outcome, paid, payout_id, transaction_hash, ledger, settled_at)
                values ('{id}', '{Game.Player(player)}', {Units(1)}, {(hasEnded ? $"'{outcomes[player - 1]}'" : "null")}, {(isPaid ? Units(1) : "'0'")}, {(hasEnded ? "'0190A0B0-0000-7000-8000-00000000000A'" : "null")},
                    {(isPaid ? $"'{new string('c', 64)}', 77" : "null, null")}, {At(hasEnded)})
                """;
        }
    }

    private static void Upgrade(UpgradeEngineBuilder builder, string folder, string before)
    {
        var scripts = new[] { (Room: "hosting", typeof(MigrationRunner).Assembly), (Room: "service", typeof(RoundsDbContext).Assembly) }.SelectMany(x => x.Assembly.GetManifestResourceNames()
            .Where(name => name.Contains($".Migrations.{folder}.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => (Name: name.Split($".{folder}.")[1], Resource: name))
            .Where(script => x.Room == "hosting" || string.CompareOrdinal(script.Name, before) < 0)
            .Select(script => new SqlScript($"{x.Room}/{script.Name}", Read(x.Assembly, script.Resource)))).ToArray();
        var result = builder.WithScripts(scripts).WithScriptNameComparer(StringComparer.Ordinal).WithTransactionPerScript().LogTo(new NoOpUpgradeLog()).WithVariablesDisabled().Build().PerformUpgrade();
        result.Successful.ShouldBeTrue($"{result.ErrorScript?.Name}: {result.Error?.Message}");
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
