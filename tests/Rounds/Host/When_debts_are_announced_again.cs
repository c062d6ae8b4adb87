using Payouts.Contracts;
using Payouts.Hosting.Web;
using Payouts.Rounds.Announcing;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>Another service's database or queue was lost, and with it what is owed.</summary>
public sealed class When_debts_are_announced_again(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_say_what_is_open_and_what_was_decided_since(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database);
        var settledBefore = await When_payouts_end.ResolveAsync(host, players: 1);
        var openBefore = await When_payouts_end.ResolveAsync(host, players: 2);
        await When_payouts_end.EndAsync(host, Game.Confirmed(settledBefore, 1, "1"), Game.Confirmed(openBefore, 1, "1"));
        host.Clock.Advance(TimeSpan.FromHours(1));
        var since = host.Clock.GetUtcNow();
        var settledSince = await When_payouts_end.ResolveAsync(host, players: 1);
        await When_payouts_end.EndAsync(host, Game.Confirmed(settledSince, 1, "1"));
        var first = (await host.OutboxAsync<RoundResolved>()).ToDictionary(x => x.RoundId);

        var announced = await host.Get<Announcer>().SinceAsync(since, TestContext.Current.CancellationToken);

        (announced.Rounds, announced.Direct, announced.LeftOut.Count).ShouldBe((2, 0, 0));
        var again = (await host.OutboxAsync<RoundResolved>()).GroupBy(x => x.RoundId).Where(x => x.Count() == 2).ToList();
        again.Select(x => x.Key).ShouldBe([openBefore, settledSince], ignoreOrder: true);
        foreach (var told in again.Select(x => x.Last()))
        {
            var before = first[told.RoundId];
            (told with { Payouts = before.Payouts }).ShouldBe(before);
            told.Payouts.ShouldBe(before.Payouts, ignoreOrder: true);
        }
    }

    /// <summary>Somebody may have paid it by hand: a payout-builder that forgot the decision would pay it again.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_leave_out_what_a_human_ended_unpaid()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite);
        var id = await When_payouts_end.ResolveAsync(host, players: 3);
        await When_payouts_end.EndAsync(host,
            Game.Confirmed(id, 1, "1"), Game.Failed(id, 2) with { Outcome = PayoutOutcome.WrittenOff }, Game.Failed(id, 3) with { Outcome = PayoutOutcome.Cancelled });

        var result = await AnnounceCommand.AnswerAsync(new Provider(host), ["announce", "--round", id]);

        result.ExitCode.ShouldBe(0);
        result.Text.ShouldContain("announced again: 1 rounds, 0 direct payouts");
        result.Text.ShouldContain($"LEFT OUT {id}: 1.0000000 XLM to {Game.Player(2)} was WrittenOff");
        result.Text.ShouldContain($"LEFT OUT {id}: 1.0000000 XLM to {Game.Player(3)} was Cancelled");
        var told = (await host.OutboxAsync<RoundResolved>())[^1];
        (told.Owed, told.Payouts.ShouldHaveSingleItem().Winner).ShouldBe((Stroops.Parse("1"), Game.Player(1)));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_announce_every_page_of_them()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite);
        var since = host.Clock.GetUtcNow();
        for (var number = 0; number < 41; number++)
            await When_payouts_end.ResolveAsync(host, players: 1);

        (await host.Get<Announcer>().SinceAsync(since, TestContext.Current.CancellationToken)).Rounds.ShouldBe(41);
        (await host.OutboxAsync<RoundResolved>()).GroupBy(x => x.RoundId).ShouldAllBe(x => x.Count() == 2);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("announce")]
    [InlineData("announce", "--since", "yesterday")]
    [InlineData("announce", "--since", "2026-07-01 12:00")]
    public async Task Should_say_how_it_is_called(params string[] args)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite);
        (await AnnounceCommand.AnswerAsync(new Provider(host), args)).ExitCode.ShouldBe(ServiceCommand.ExitUsage);
        (await AnnounceCommand.AnswerAsync(new Provider(host), ["announce", "--round", "no such round"])).ExitCode.ShouldBe(ServiceCommand.ExitUnavailable);
    }

    private sealed class Provider(RoundsHost host) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(Announcer) ? host.Get<Announcer>() : null;
    }
}
