using Payouts.Contracts;
using Payouts.Rounds.Direct;
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

    /// <summary>What is owed outside rounds is owed as well: each kind of debt leaves the other less room, until it is paid or written off.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_count_direct_payouts_and_refuse_them_to_the_stroop(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database, direct: true, treasury: "XLM=10");
        var round = Game.Opened();
        await host.ApplyAsync(round, Game.Entered(round.RoundId, 3, "7", "0"), Game.Closed(round.RoundId, 2));
        await OrderAsync(host, ("refund-1", "1"), ("refund-2", "3"));

        (await RefusalAsync(host, round.RoundId, "6.0000001")).ShouldBe(RefusalCode.TreasuryShort);
        await host.ApplyAsync(Game.Drawn(round.RoundId, (3, "6")));
        (await Should.ThrowAsync<GameEventRefusedException>(() => OrderAsync(host, ("refund-3", "0.0000001")))).Refusal.Code.ShouldBe(RefusalCode.TreasuryShort);

        await EndAsync(host, Game.Failed("direct:refund-1", 1));
        (await Should.ThrowAsync<GameEventRefusedException>(() => OrderAsync(host, ("refund-3", "0.0000001")))).Refusal.Code.ShouldBe(RefusalCode.TreasuryShort, "what failed is still owed");
        await EndAsync(host, Game.Confirmed("direct:refund-1", 1, "1"));
        // Two of one transaction see each other.
        (await Should.ThrowAsync<GameEventRefusedException>(() => OrderAsync(host, ("refund-3", "1"), ("refund-4", "0.0000001")))).Refusal.Code.ShouldBe(RefusalCode.TreasuryShort);
        await OrderAsync(host, ("refund-3", "0.9999999"), ("refund-4", "0.0000001"));
        (await host.OutboxAsync<DirectPayoutOrdered>()).Select(x => x.Reference).Order().ShouldBe(["refund-1", "refund-2", "refund-3", "refund-4"]);
    }

    /// <summary>Draws and orders of one moment do not each take the same room.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_not_be_passed_by_draws_and_orders_of_one_moment(string database)
    {
        const int Each = 12;
        await using var host = await RoundsHost.PrepareAsync(servers, database, direct: true, treasury: "XLM=10");
        var rounds = Enumerable.Range(0, Each).Select(_ => Game.Opened()).ToList();
        foreach (var round in rounds)
            await host.ApplyAsync(round, Game.Entered(round.RoundId, 1, "1", "0"), Game.Closed(round.RoundId, 2));

        var taken = await Task.WhenAll([
            .. rounds.Select(round => IsTakenAsync(() => host.ApplyAsync(Game.Drawn(round.RoundId, (1, "1"))))),
            .. Enumerable.Range(0, Each).Select(number => IsTakenAsync(() => OrderAsync(host, ($"refund-{number}", "1")))),
        ]);

        taken.Count(isTaken => isTaken).ShouldBe(10, "each of 1, and the treasury is good for 10");
        ((await host.OutboxAsync<RoundResolved>()).Count + (await host.OutboxAsync<DirectPayoutOrdered>()).Count).ShouldBe(10);
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

    private static Task OrderAsync(RoundsHost host, params IReadOnlyList<(string Reference, string Amount)> orders) => host.Units.RunAsync(unit => host.Get<DirectDesk>().OrderAsync(
        [.. orders.Select(x => DirectRequest.Read(Direct.Requested(x.Reference, 1, x.Amount)))], unit, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

    private static Task<bool> IsTakenAsync(Func<Task> decide) => Task.Run(async () =>
    {
        try
        {
            await decide();
            return true;
        }
        catch (GameEventRefusedException refused)
        {
            refused.Refusal.Code.ShouldBe(RefusalCode.TreasuryShort);
            return false;
        }
    });

    private static Task EndAsync(RoundsHost host, PayoutSettled end) => host.Units.RunAsync(async unit =>
    {
        await host.Get<DirectEnds>().HandleAsync([new DirectEnd(end)], unit, TestContext.Current.CancellationToken);
        return 0;
    }, TestContext.Current.CancellationToken);

    private static async Task<RefusalCode> RefusalAsync(RoundsHost host, string round, string amount) =>
        (await Should.ThrowAsync<GameEventRefusedException>(() => host.ApplyAsync(Game.Drawn(round, (3, amount))))).Refusal.Code;
}
