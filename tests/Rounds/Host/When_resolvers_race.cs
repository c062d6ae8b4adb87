using System.Collections.Concurrent;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Rules;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_resolvers_race(Servers servers)
{
    private const int Resolvers = 100;

    [Fact(Timeout = 120_000)]
    public async Task Should_resolve_the_round_exactly_once()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Postgres);
        var opened = Game.Opened();
        var id = opened.RoundId;
        await host.ApplyAsync(opened, Game.Entered(id, 1, [.. Enumerable.Repeat("1", Resolvers)]), Game.Closed(id, Resolvers));

        // Every resolver has another winner, and as many transactions as the pool has connections wait for the same round.
        var refusals = new ConcurrentBag<RefusalCode>();
        await Task.WhenAll(Enumerable.Range(1, Resolvers).Select(player => Task.Run(async () =>
        {
            try
            {
                await host.ApplyAsync(Game.Drawn(id, (player, "50")));
            }
            catch (GameEventRefusedException refused)
            {
                refusals.Add(refused.Refusal.Code);
            }
        })));

        refusals.Count.ShouldBe(Resolvers - 1);
        refusals.ShouldAllBe(code => code == RefusalCode.RoundConflict);
        (await host.RoundAsync(id))!.State.ShouldBe(RoundState.Resolved);
        var payout = (await host.PayoutsAsync(id)).ShouldHaveSingleItem();
        (await host.OutboxAsync<RoundResolved>()).ShouldHaveSingleItem().Payouts.ShouldHaveSingleItem().Winner.ShouldBe(payout.Winner);
    }

    /// <summary>An event must not be parked while another transaction opens its round: nobody would wake it.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_never_leave_an_event_parked_behind_its_opening()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Postgres);
        for (var i = 0; i < 30; i++)
        {
            var opened = Game.Opened();
            object[] events = [opened, Game.Entered(opened.RoundId, 1, "1"), Game.Entered(opened.RoundId, 2, "1"), Game.Closed(opened.RoundId, 2), Game.Drawn(opened.RoundId, (1, "2"))];
            await Task.WhenAll(events.Select(x => Task.Run(() => host.ApplyAsync(x))));
            (await host.RoundAsync(opened.RoundId))!.State.ShouldBe(RoundState.Resolved);
        }

        (await host.ParkedAsync()).ShouldBe(0);
    }
}
