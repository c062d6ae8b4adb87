using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Contracts;
using Payouts.Hosting.Steps;
using Payouts.Rounds.Cancelling;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Verifying;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>A fault at every statement of the transaction that decides about a round's money, and at the steps around its commit.</summary>
public sealed class When_a_resolution_fails(Servers servers)
{
    private static readonly string[] Tables =
        ["rounds", "round_entries", "round_payouts", "round_former_ends", "round_resolutions", "round_trail", "trail_checkpoints", "trail_checkpoint_heads", "parked_events", "dead_letters", "inbox", "outbox"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite, false)]
    [InlineData(RoundsHost.Sqlite, true)]
    [InlineData(RoundsHost.Postgres, false)]
    [InlineData(RoundsHost.Postgres, true)]
    public async Task Should_leave_nothing_behind_and_succeed_when_it_is_tried_again(string database, bool cancels)
    {
        var steps = new FailingSteps();
        await using var host = await RoundsHost.PrepareAsync(servers, database, change: services => services.AddSingleton<IStepPoints>(steps));
        var opened = Game.Opened();
        var id = opened.RoundId;
        await host.ApplyAsync(opened, Game.Entered(id, 1, "1", "2"), Game.Closed(id, 2));
        var (message, before) = (Guid.NewGuid(), await EverythingAsync(host));
        List<string> statements = ["update on rounds", "insert on round_resolutions", "insert on round_trail", "insert on round_payouts", "insert on outbox", .. cancels ? Array.Empty<string>() : ["insert on inbox"]];
        foreach (var statement in statements)
        {
            await ExecuteAsync(host, Trap(database, statement));
            (await Should.ThrowAsync<Exception>(() => DecideAsync(host, id, message, cancels), statement)).ToString().ShouldContain("trapped", customMessage: statement);
            await ExecuteAsync(host, database == RoundsHost.Sqlite ? "drop trigger trap" : $"drop trigger trap on {statement.Split(' ')[^1]}");
            (await EverythingAsync(host)).ShouldBe(before, statement);
        }

        steps.FailsAt = "/before-commit";
        await Should.ThrowAsync<StepFailedException>(() => DecideAsync(host, id, message, cancels));
        steps.Failed.ShouldBe(1);
        (await EverythingAsync(host)).ShouldBe(before, "everything was written and nothing committed");

        // Whoever asked does not learn that it is done, and asks again.
        steps.FailsAt = "/committed";
        await Should.ThrowAsync<StepFailedException>(() => DecideAsync(host, id, message, cancels));
        steps.FailsAt = null;
        var after = await EverythingAsync(host);
        await DecideAsync(host, id, message, cancels);
        (await EverythingAsync(host)).ShouldBe(after, "a repeat changes nothing");
        (await host.RoundAsync(id))!.State.ShouldBe(cancels ? RoundState.Cancelled : RoundState.Resolved);
        (await host.OutboxAsync<RoundResolved>()).ShouldHaveSingleItem().Owed.ShouldBe(Stroops.Parse("3"));
        (await host.PayoutsAsync(id)).Count.ShouldBe(2);
        (await host.Get<RoundVerifier>().RoundAsync(id, Cancelled))!.ShouldSatisfyAllConditions(report => report.Findings.ShouldBeEmpty(), report => report.Recomputed.ShouldBe(1));
    }

    /// <summary>As the inbox does it: a message that was handled is not handled again.</summary>
    private static async Task DecideAsync(RoundsHost host, string id, Guid message, bool cancels)
    {
        if (cancels)
        {
            (await host.Get<RoundCancellation>().CancelAsync(id, "ann", "no oracle", Cancelled)).ShouldBeNull();
            return;
        }

        await using var unit = await host.Units.BeginAsync(Cancelled);
        if ((await unit.AcceptAsync(nameof(GameRoundDrawn), [message], Cancelled)).Count == 0)
            return;
        await host.Handler.HandleAsync([RoundsHost.Arrive(Game.Drawn(id, (1, "1"), (2, "2")), unit.Now)], unit, Cancelled);
        await unit.CommitAsync(Cancelled);
    }

    /// <summary>The statement fails in the database itself, whoever sends it.</summary>
    private static string Trap(string database, string statement) => database == RoundsHost.Sqlite
        ? $"create trigger trap before {statement} begin select raise(abort, 'trapped'); end"
        : $"""
          create or replace function trapped() returns trigger language plpgsql as $$ begin raise exception 'trapped'; end $$;
          create trigger trap before {statement} for each row execute function trapped()
          """;

    private static Task<int> ExecuteAsync(RoundsHost host, string sql) => host.ReadAsync((db, token) => db.Database.ExecuteSqlRawAsync(sql, token));

    /// <summary>Every row of every table.</summary>
    private static async Task<string> EverythingAsync(RoundsHost host)
    {
        await using var unit = await host.Units.BeginAsync(Cancelled);
        var tables = new List<string>();
        foreach (var table in Tables)
        {
            var rows = await TrailRows.ReadAsync(unit.Transaction, $"select * from {table}", Cancelled);
            tables.Add($"{table}: {string.Join("; ", rows.Select(row => JsonSerializer.Serialize(row)).Order(StringComparer.Ordinal))}");
        }

        return string.Join('\n', tables);
    }

    private sealed class StepFailedException(string point) : Exception(point);

    private sealed class FailingSteps : IStepPoints
    {
        /// <summary>The end of a point's name.</summary>
        public string? FailsAt { get; set; }

        public int Failed { get; private set; }

        public bool AreWatched => true;

        public void Pass(string point)
        {
            if (FailsAt is null || !point.EndsWith(FailsAt, StringComparison.Ordinal))
                return;
            Failed++;
            throw new StepFailedException(point);
        }
    }
}
