using Payouts.Contracts;
using Payouts.Rounds.Rules;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_a_round_is_played(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_go_from_open_to_settled(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        var opened = Game.Opened();
        var id = opened.RoundId;

        await host.SendAsync(opened);
        await host.UntilAsync(id, RoundState.Open);
        await host.SendAsync(Game.Entered(id, 1, "25", "25.5", "0"));
        await host.SendAsync(Game.Closed(id, 3));
        (await host.UntilAsync(id, RoundState.Closed))!.Stakes.ShouldBe(Stroops.Parse("50.5"));
        await host.SendAsync(Game.Drawn(id, (2, "40.0000001"), (3, "10")));

        var resolved = await host.Heard.FirstAsync<RoundResolved>(x => x.RoundId == id);
        resolved.Owed.ShouldBe(Stroops.Parse("50.0000001"));
        (resolved.Context, resolved.PoolId, resolved.RoundNumber, resolved.Currency).ShouldBe((opened.Context, opened.PoolId, opened.RoundNumber, opened.Currency));
        resolved.Payouts.Select(x => x.Winner).ShouldBe(new[] { Game.Player(2), Game.Player(3) }.Order(StringComparer.Ordinal));

        await host.SendAsync(Game.Confirmed(id, 2, "40.0000001"));
        await Probe.Until("the first payout is entered", async _ => (await host.RoundAsync(id))!.Confirmed == 1);
        (await host.RoundAsync(id))!.State.ShouldBe(RoundState.Resolved);
        await host.SendAsync(Game.Confirmed(id, 3, "10"));

        var settled = await host.Heard.FirstAsync<RoundSettled>(x => x.RoundId == id);
        (settled.Owed, settled.Paid, settled.Payouts).ShouldBe((resolved.Owed, resolved.Owed, 2));
        (await host.RoundAsync(id))!.State.ShouldBe(RoundState.Settled);
        (await host.LettersAsync()).ShouldBeEmpty();
    }
}
