using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Treasury;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>ROUNDS_TREASURY_LIMITS: a draw that would owe more than the treasury is good for is not announced, and can be said again when others are paid.</summary>
public sealed class When_the_treasury_is_short(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_refuse_the_draw_to_the_stroop_and_take_it_when_others_are_paid(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database, treasury: "XLM=10");
        var (first, second) = (Game.Opened(), Game.Opened());
        await host.ApplyAsync(first, Game.Entered(first.RoundId, 1, "4", "0"), Game.Closed(first.RoundId, 2), Game.Drawn(first.RoundId, (1, "4")));
        await host.ApplyAsync(second, Game.Entered(second.RoundId, 3, "7", "0"), Game.Closed(second.RoundId, 2));

        (await RefusalAsync(host, second.RoundId, "6.0000001")).ShouldBe(RefusalCode.TreasuryShort);
        (await host.RoundAsync(second.RoundId))!.State.ShouldBe(RoundState.Closed, "nothing of it is left behind");
        (await host.OutboxAsync<RoundResolved>()).Select(x => x.RoundId).ShouldBe([first.RoundId]);

        await When_payouts_end.EndAsync(host, Game.Confirmed(first.RoundId, 1, "4"));
        await host.ApplyAsync(Game.Drawn(second.RoundId, (3, "6.0000001")));
        (await host.OutboxAsync<RoundResolved>()).Select(x => x.RoundId).ShouldBe([first.RoundId, second.RoundId], ignoreOrder: true);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_take_what_it_is_just_good_for_and_limit_no_other_currency()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite, treasury: "XLM=10,USDC=0");
        var (exact, other) = (Game.Opened(), Game.Opened() with { Currency = "EURC" });
        await host.ApplyAsync(exact, Game.Entered(exact.RoundId, 1, "10", "0"), Game.Closed(exact.RoundId, 2), Game.Drawn(exact.RoundId, (1, "10")));
        await host.ApplyAsync(other, Game.Entered(other.RoundId, 3, "1000", "0"), Game.Closed(other.RoundId, 2), Game.Drawn(other.RoundId, (3, "1000")));
        (await host.OutboxAsync<RoundResolved>()).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("XLM")]
    [InlineData("=5")]
    [InlineData("XLM=5,XLM=6")]
    [InlineData("XLM=-1")]
    [InlineData("XLM=much")]
    public void Should_refuse_a_setting_that_says_no_limit(string text) => Should.Throw<FormatException>(() => TreasuryLimits.Parse(text));

    [Fact]
    public void Should_know_a_limit_for_each_currency_that_is_named()
    {
        var limits = TreasuryLimits.Parse("XLM=250000, USDC=9000.5");
        (limits.LimitOf("XLM"), limits.LimitOf("USDC"), limits.LimitOf("EURC")).ShouldBe((Stroops.Parse("250000"), Stroops.Parse("9000.5"), null));
    }

    private static async Task<RefusalCode> RefusalAsync(RoundsHost host, string round, string amount) =>
        (await Should.ThrowAsync<GameEventRefusedException>(() => host.ApplyAsync(Game.Drawn(round, (3, amount))))).Refusal.Code;
}
