using System.Data.Common;
using System.Globalization;
using System.Net.Http.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Payouts.Rounds.Cancelling;
using Payouts.Rounds.Direct;
using Payouts.Rounds.Game;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Verifying;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>Every column of every row that the proof covers, by the database's own catalogue: a new column or table cannot be forgotten.</summary>
public sealed class When_stored_rounds_are_tampered_with(Servers servers)
{
    private static readonly string[] Tables = ["rounds", "round_entries", "round_payouts", "round_former_ends", "round_resolutions", "round_trail", "trail_checkpoints", "trail_checkpoint_heads", "direct_payouts"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 300_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_found_and_placed_whatever_is_changed_removed_or_added(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database, direct: true);
        await PlayAsync(host);
        await PayDirectlyAsync(host);
        (await host.Get<RoundVerifier>().AllAsync(null, Cancelled)).ShouldSatisfyAllConditions(
            report => report.Findings.ShouldBeEmpty(), report => report.Rounds.ShouldBe(4), report => report.Direct.ShouldBe(3), report => report.Recomputed.ShouldBe(3), report => report.Checkpoints.ShouldBe(3));

        await using var db = await host.Get<IDbContextFactory<Rounds.Storage.RoundsDbContext>>().CreateDbContextAsync(Cancelled);
        var connection = db.Database.GetDbConnection();
        await connection.OpenAsync(Cancelled);
        await UnlockAsync(connection);
        var (missed, tried) = (new List<string>(), 0);
        foreach (var table in Tables)
        {
            var rows = await TryAsync(host, connection, null, transaction => TrailRows.ReadAsync(transaction, $"select * from {table}", Cancelled));
            rows.Item1.Count.ShouldBeGreaterThan(0, table);
            var columns = rows.Item1[0].Keys.ToList();
            foreach (var (what, sql) in columns.SelectMany(column => Changes(table, column, database)).Concat(Removals(table, columns)))
            {
                var (_, report) = await TryAsync(host, connection, sql, _ => Task.FromResult(0));
                tried++;
                if (report is null)
                    continue;
                if (report.Holds || !report.Findings.Any(finding => finding.Place.Contains(table, StringComparison.Ordinal)))
                    missed.Add($"{what}: {(report.Holds ? "not found" : report.Findings[0].Place + " " + report.Findings[0].What)}");
            }
        }

        missed.ShouldBeEmpty();
        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} kinds of tampering");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_refused_by_the_database_where_rows_are_only_added(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database, direct: true);
        await PlayAsync(host);
        await PayDirectlyAsync(host);
        foreach (var sql in new[]
        {
            "update round_trail set reason = 'x'", "delete from round_trail", "update round_resolutions set outcome = 'x'", "delete from round_resolutions",
            "update trail_checkpoints set hash = 'x'", "delete from trail_checkpoints", "update trail_checkpoint_heads set trail_hash = 'x'", "delete from trail_checkpoint_heads",
            "delete from rounds", "update round_entries set stake = '7'", "update round_payouts set amount = '7'", "delete from round_entries", "delete from round_payouts", "update round_former_ends set paid = '7'",
            "delete from direct_payouts", "update direct_payouts set amount = '7'", "update direct_payouts set reason = 'x'",
        })
            await Should.ThrowAsync<DbException>(() => host.ReadAsync((db, token) => db.Database.ExecuteSqlRawAsync(sql, token)), sql);
        (await host.Get<RoundVerifier>().AllAsync(null, Cancelled)).Findings.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_tell_a_chain_that_was_written_anew_from_one_that_was_noted()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite);
        await PlayAsync(host);
        var head = (await host.Get<RoundVerifier>().AllAsync(null, Cancelled)).Head!;
        (await host.Get<RoundVerifier>().AllAsync(head, Cancelled)).Holds.ShouldBeTrue();
        (await host.Get<RoundVerifier>().AllAsync($"2:{new string('a', 64)}", Cancelled)).Findings.ShouldHaveSingleItem().Place.ShouldBe("trail_checkpoints[seq 2]");
        (await host.Get<RoundVerifier>().AllAsync($"3:{new string('a', 64)}", Cancelled)).Findings.ShouldHaveSingleItem().Place.ShouldBe("trail_checkpoints[seq 3]");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_put_at_most_the_bound_under_one_checkpoint()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Postgres);
        await host.ApplyAsync(Enumerable.Range(0, 1_001).Select(_ => Game.Opened()));
        var checkpoints = host.Get<RoundCheckpoints>();
        (await checkpoints.CheckpointAsync(Cancelled)).ShouldBe(1_000);
        (await checkpoints.CheckpointAsync(Cancelled)).ShouldBe(1);
        (await checkpoints.CheckpointAsync(Cancelled)).ShouldBe(0);
        (await host.Get<RoundVerifier>().AllAsync(null, Cancelled)).Rounds.ShouldBe(1_001);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_follow_a_chain_of_more_than_200_checkpoints()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite);
        for (var i = 0; i < 201; i++)
        {
            await host.ApplyAsync(Game.Opened());
            await host.Get<RoundCheckpoints>().CheckpointAsync(Cancelled);
        }

        var report = await host.Get<RoundVerifier>().AllAsync(null, Cancelled);
        (report.Checkpoints, report.Findings.Count).ShouldBe((201, 0));
        report.Head.ShouldNotBeNull().ShouldStartWith("201:");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_show_the_trail_page_by_page_and_the_verification()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        var opened = Game.Opened();
        await host.ApplyAsync(opened);
        for (var i = 1; i <= 100; i++)
            await host.ApplyAsync(Game.Entered(opened.RoundId, i, "1"));
        using var http = host.Http();
        var page = await http.GetFromJsonAsync<System.Text.Json.JsonElement>($"/rounds/{opened.RoundId}/trail", Cancelled);
        (page.GetProperty("trail").GetArrayLength(), page.GetProperty("next").GetInt32()).ShouldBe((100, 100));
        var rest = await http.GetFromJsonAsync<System.Text.Json.JsonElement>($"/rounds/{opened.RoundId}/trail?after=100", Cancelled);
        rest.GetProperty("trail")[0].GetProperty("action").GetString().ShouldBe("Entered");
        (await http.GetFromJsonAsync<System.Text.Json.JsonElement>($"/rounds/{opened.RoundId}/verification", Cancelled)).GetProperty("holds").GetBoolean().ShouldBeTrue();
        (await http.GetAsync("/rounds/nobody/verification", Cancelled)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_name_100_findings()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite);
        await host.ApplyAsync(Enumerable.Range(0, 101).Select(_ => Game.Opened()));
        await host.ReadAsync((db, token) => db.Database.ExecuteSqlRawAsync("update rounds set currency = 'EUR'", token));
        (await host.Get<RoundVerifier>().AllAsync(null, Cancelled)).Findings.Count.ShouldBe(100);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_hold_when_the_retention_took_entries_and_debts(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database, direct: true);
        await PlayAsync(host);
        await PayDirectlyAsync(host);
        host.Clock.Advance(TimeSpan.FromDays(401));
        await new Hosting.Retention.RetentionLoop<Rounds.Storage.RoundsDbContext>(host.Units, Rounds.Storage.RoundsRetention.Rules, new(TimeSpan.FromDays(400)), host.Clock,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<Hosting.Retention.RetentionLoop<Rounds.Storage.RoundsDbContext>>.Instance).ForgetAsync(Cancelled);
        var report = await host.Get<RoundVerifier>().AllAsync(null, Cancelled);
        report.Findings.ShouldBeEmpty();
        (report.Rounds, report.Forgotten, report.Recomputed).ShouldBe((4, 1, 2));
        (await host.ReadAsync((db, token) => db.Database.SqlQueryRaw<long>("select count(*) as \"Value\" from round_former_ends").SingleAsync(token))).ShouldBe(0);
    }

    /// <summary>Four rounds: settled after an end that another one followed, decided by choices, cancelled, and still open.</summary>
    internal static async Task PlayAsync(RoundsHost host)
    {
        var id = await When_payouts_end.ResolveAsync(host, players: 2);
        await When_payouts_end.EndAsync(host, Game.Failed(id, 1));
        await When_payouts_end.EndAsync(host, Game.Confirmed(id, 1, "1"), Game.Confirmed(id, 2, "1"));
        var minority = Game.Opened();
        await host.ApplyAsync(minority, Chosen(Game.Entered(minority.RoundId, 1, "10", "20", "30"), "a", "b", "b"), Game.Closed(minority.RoundId, 3),
            new Contracts.GameRoundDrawn { RoundId = minority.RoundId, Winners = [], Policy = "minority-wins", Seed = "seed", Yield = "1" });
        await host.Get<RoundCheckpoints>().CheckpointAsync(Cancelled);
        var cancelled = Game.Opened();
        await host.ApplyAsync(cancelled, Game.Entered(cancelled.RoundId, 1, "5", "0", "7"));
        (await host.Get<RoundCancellation>().CancelAsync(cancelled.RoundId, "ann", "no oracle", Cancelled)).ShouldBeNull();
        var open = Game.Opened();
        await host.ApplyAsync(open, Game.Entered(open.RoundId, 1, "1"), Game.Entered(open.RoundId, 2, "2"));
        await host.Get<RoundCheckpoints>().CheckpointAsync(Cancelled);
    }

    /// <summary>Three direct payouts: paid after an end that another one followed, still open, and one that was ordered before orders had a trail.</summary>
    private static async Task PayDirectlyAsync(RoundsHost host)
    {
        foreach (var (reference, player) in new[] { ("paid", 1), ("open", 2) })
            await host.Units.RunAsync(unit => host.Get<DirectDesk>().OrderAsync([DirectRequest.Read(Direct.Requested(reference, player, "2"))], unit, Cancelled), Cancelled);
        foreach (var end in new[] { Game.Failed("direct:paid", 1), Game.Confirmed("direct:paid", 1, "2") })
            await host.Units.RunAsync(async unit =>
            {
                await host.Get<DirectEnds>().HandleAsync([new DirectEnd(end)], unit, Cancelled);
                return 0;
            }, Cancelled);
        await host.Units.RunAsync(unit =>
        {
            unit.Db.Add(Rounds.Storage.DirectPayout.Order(DirectRequest.Read(Direct.Requested("old", 3, "3")) with { OrderedBy = "ann" }, unit.Now));
            return Task.FromResult(0);
        }, Cancelled);
        await host.Get<RoundCheckpoints>().CheckpointAsync(Cancelled);
    }

    private static Contracts.GameRoundEntered Chosen(Contracts.GameRoundEntered entered, params string[] choices) =>
        entered with { Entries = [.. entered.Entries.Select((entry, i) => entry with { Choice = choices[i] })] };

    private static IEnumerable<(string What, string Sql)> Changes(string table, string column, string database)
    {
        // Of all rows at once, and emptied: each is a change that nobody may miss.
        var text = database == RoundsHost.Sqlite;
        yield return ($"{table}.{column} changed", $"update {table} set {column} = {Other(column, text)}");
        yield return ($"{table}.{column} emptied", $"update {table} set {column} = null where {column} is not null");
    }

    // A value that differs from the one that is there, of a type that the column takes.
    private static string Other(string column, bool sqlite) => sqlite
        ? column.EndsWith("at", StringComparison.Ordinal) ? $"case when {column} is null then '2020-01-01 00:00:00' else datetime({column}, '+1 day') end" : column is "payout_id" ? "'00000000-0000-0000-0000-000000000001'"
            : column is "seq" or "trail_seq" or "checkpoint" or "pool_id" or "round_number" or "entries" or "payouts" or "rounds" or "ledger" or "confirmed" or "checkpointed" or "trail_count" or "policy_version" or "written_off_count"
                ? $"coalesce({column}, 0) + 1000" : $"coalesce({column}, '') || '1'"
        : column.EndsWith("at", StringComparison.Ordinal) ? $"coalesce({column} + interval '1 day', '2020-01-01')" : column is "payout_id" ? "'00000000-0000-0000-0000-000000000001'"
            : column is "seq" or "trail_seq" or "checkpoint" or "pool_id" or "round_number" or "entries" or "payouts" or "rounds" or "ledger" or "confirmed" or "checkpointed" or "trail_count" or "policy_version" or "written_off_count"
                or "stake" or "stakes" or "house_yield" or "owed" or "paid" or "written_off" or "amount" ? $"coalesce({column}, 0) + 1000" : $"coalesce({column}, '') || '1'";

    private static IEnumerable<(string What, string Sql)> Removals(string table, List<string> columns)
    {
        var key = table switch { "rounds" => "id", "direct_payouts" => "reference", "trail_checkpoints" => "seq", "round_trail" => "seq", "trail_checkpoint_heads" => "round_id", "round_entries" => "player", "round_payouts" or "round_former_ends" => "winner", _ => "round_id" };
        yield return ($"{table} emptied", $"delete from {table}");
        foreach (var end in new[] { "min", "max" })
            yield return ($"{table} without its {end} {key}", $"delete from {table} where {key} = (select {end}({key}) from {table})");
        // The same rows again under another key; the contract's own key is unique as well.
        var names = string.Join(", ", columns);
        var copied = string.Join(", ", columns.Select(column => column == "winner" && table == "direct_payouts" ? "winner || 'x'" : column != key ? column : key == "seq" ? "seq + 500" : $"{key} || 'x'"));
        if (table != "rounds")
            yield return ($"{table} with rows added", $"insert into {table} ({names}) select {copied} from {table}");
        if (table is "round_trail")
            yield return ("round_trail in another order", "update round_trail set reason = (select o.reason from round_trail o where o.round_id = round_trail.round_id and o.seq = 3 - round_trail.seq) where seq in (1, 2)");
    }

    // Every tampering is a transaction of its own that the verifier looks into and that is rolled back.
    private static async Task<(T, VerifyReport?)> TryAsync<T>(RoundsHost host, DbConnection connection, string? sql, Func<DbTransaction, Task<T>> read)
    {
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        if (sql is not null)
        {
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, sql);
            try
            {
                // Nothing was there to be emptied: former ends have failed, and name no transaction.
                if (await command.ExecuteNonQueryAsync(Cancelled) == 0 && sql.StartsWith("update round_former_ends", StringComparison.Ordinal))
                {
                    await transaction.RollbackAsync(Cancelled);
                    return (default!, null);
                }
            }
            catch (DbException refused) when (refused.Message.Contains("NOT NULL", StringComparison.OrdinalIgnoreCase) || refused.Message.Contains("not-null", StringComparison.Ordinal) || refused.Message.Contains("datatype mismatch", StringComparison.Ordinal))
            {
                // A key without a value: no owner of the tables can store that.
                await transaction.RollbackAsync(Cancelled);
                return (default!, null);
            }
            catch (DbException refused)
            {
                throw new InvalidOperationException($"{sql}: {refused.Message}", refused);
            }
        }

        var result = await read(transaction);
        var report = await host.Get<RoundVerifier>().AllInAsync(transaction, Cancelled);
        await transaction.RollbackAsync(Cancelled);
        return (result, report);
    }

    // What keeps honest programs from it does not keep whoever owns the tables.
    internal static async Task UnlockAsync(DbConnection connection)
    {
        var statements = connection is SqliteConnection
            ? new List<string> { "pragma foreign_keys = off", "pragma ignore_check_constraints = on" }
            : [];
        if (connection is SqliteConnection)
        {
            foreach (var name in await NamesAsync(connection, "select name from sqlite_master where type = 'trigger'"))
                statements.Add($"drop trigger {name}");
        }
        else
        {
            foreach (var name in await NamesAsync(connection, "select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) from pg_constraint where connamespace = current_schema()::regnamespace and contype in ('c', 'f', 'u')"))
                statements.Add(name);
            foreach (var name in await NamesAsync(connection, "select format('alter table %s disable trigger user', oid::regclass) from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'"))
                statements.Add(name);
            statements.Add("""
                do $$ declare x record; begin
                    for x in select a.attrelid::regclass as t, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
                        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and a.attnotnull
                        and not exists (select 1 from pg_index i where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any(i.indkey)) loop
                        execute format('alter table %s alter column %I drop not null', x.t, x.attname);
                    end loop; end $$
                """);
        }

        foreach (var statement in statements)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync(Cancelled);
        }
    }

    private static async Task<List<string>> NamesAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var names = new List<string>();
        while (await reader.ReadAsync(Cancelled))
            names.Add(reader.GetString(0));
        return names;
    }
}
