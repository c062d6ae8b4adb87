using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Web;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Verifying;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>An upgrade from before the trail, with rounds in every state: they are adopted as they are, go on, and are proven as far as they can be.</summary>
public sealed class When_rounds_are_older_than_the_trail(Servers servers)
{
    private const string Trail = "0003_trail.sql";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_adopted_play_on_and_say_what_cannot_be_proven(string database)
    {
        await using var host = await UpgradeAsync(database);
        var verifier = host.Get<RoundVerifier>();
        (await UnadoptedAsync(host)).ShouldBe(["older-closed", "older-open", "older-resolved", "older-settled"]);

        // What is changed before the loop comes is adopted by whoever changes it.
        await host.ApplyAsync(Game.Entered("older-open", 3, "1"));
        (await UnadoptedAsync(host)).ShouldBe(["older-closed", "older-resolved", "older-settled"]);
        (await host.Get<RoundCheckpoints>().CheckpointAsync(Cancelled)).ShouldBe(4);
        var adopted = await verifier.AllAsync(null, Cancelled);
        adopted.Findings.ShouldBeEmpty();
        (adopted.Rounds, adopted.Recomputed, adopted.Older, adopted.Checkpoints).ShouldBe((4, 0, 2, 1));

        await host.ApplyAsync(Game.Closed("older-open", 3), Game.Drawn("older-open", (1, "3")), Game.Drawn("older-closed", (2, "2")));
        await When_payouts_end.EndAsync(host, Game.Confirmed("older-resolved", 2, "1"), Game.Confirmed("older-closed", 2, "2"));
        foreach (var settled in new[] { "older-resolved", "older-closed", "older-settled" })
            (await host.RoundAsync(settled))!.State.ShouldBe(RoundState.Settled, settled);
        await host.Get<RoundCheckpoints>().CheckpointAsync(Cancelled);
        var after = await verifier.AllAsync(null, Cancelled);
        after.Findings.ShouldBeEmpty();
        (after.Rounds, after.Recomputed, after.Older, after.Checkpoints).ShouldBe((4, 2, 2, 2));

        var command = await VerifyCommand.AnswerAsync(host.Get<IServiceProvider>(), [VerifyCommand.Name]);
        (command.ExitCode, command.Text.Split('\n')[0]).ShouldBe(
            (VerifyCommand.ExitHolds, "4 rounds, 2 resolved again with the same outcome, 2 decided before the trail began and not provable by resolving again, 0 past the retention, 0 direct payouts, 2 checkpoints"));
    }

    /// <summary>What they were is not proven; that it is still what it was when the trail began is.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_found_changed_since(string database)
    {
        await using var host = await UpgradeAsync(database);
        await host.Get<RoundCheckpoints>().CheckpointAsync(Cancelled);
        await using var db = await host.Get<IDbContextFactory<RoundsDbContext>>().CreateDbContextAsync(Cancelled);
        var connection = db.Database.GetDbConnection();
        await connection.OpenAsync(Cancelled);
        await When_stored_rounds_are_tampered_with.UnlockAsync(connection);
        foreach (var (sql, place) in new[]
        {
            ("update round_payouts set amount = '9' where round_id = 'older-resolved'", "round_payouts[round \"older-resolved\"]"),
            ("update round_payouts set transaction_hash = 'd' where round_id = 'older-settled'", "round_payouts[round \"older-settled\"]"),
            ("update round_entries set stake = '9' where round_id = 'older-open'", "round_entries[round \"older-open\", trail_seq 1]"),
            ("delete from round_entries where round_id = 'older-closed'", "round_entries[round \"older-closed\", trail_seq 1]"),
            ("update rounds set owed = '9' where id = 'older-settled'", "rounds[round \"older-settled\"]"),
        })
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancelled);
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, sql);
            await command.ExecuteNonQueryAsync(Cancelled);
            (await host.Get<RoundVerifier>().AllInAsync(transaction, Cancelled)).Findings.ShouldContain(finding => finding.Place.Contains(place, StringComparison.Ordinal), sql);
            await transaction.RollbackAsync(Cancelled);
        }
    }

    private static async Task<List<string>> UnadoptedAsync(RoundsHost host) => [.. (await host.Get<RoundVerifier>().AllAsync(null, Cancelled)).Findings
        .Where(finding => finding.What.StartsWith("has no trail; the running service adopts", StringComparison.Ordinal)).Select(finding => finding.Place.Split('"')[1]).Order(StringComparer.Ordinal)];

    private Task<RoundsHost> UpgradeAsync(string database) => RoundsHost.PrepareAsync(servers, database, older: settings => OlderDatabase.FillAsync(settings, Trail,
    [
        .. OlderDatabase.Round("older-open", 1, "OPEN"),
        .. OlderDatabase.Round("older-closed", 2, "CLOSED"),
        .. OlderDatabase.Round("older-resolved", 3, "RESOLVED", "Confirmed", "Failed"),
        .. OlderDatabase.Round("older-settled", 4, "SETTLED", "Confirmed", "Confirmed"),
    ]));
}
