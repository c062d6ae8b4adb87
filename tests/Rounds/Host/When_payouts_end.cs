using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Settlement;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_payouts_end(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_settle_each_round_once_however_they_come(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        var random = new Random(11);
        var rounds = new List<string>();
        for (var i = 0; i < 10; i++)
            rounds.Add(await ResolveAsync(host, players: 30));
        var sends = rounds.SelectMany(id => Enumerable.Range(1, 30).SelectMany(player =>
        {
            var (end, messageId) = (Game.Confirmed(id, player, "1"), Guid.NewGuid());
            return new[] { (end, messageId), (end, messageId), (end, Guid.NewGuid()), (Game.Failed(id, player), Guid.NewGuid()) };
        })).ToArray();
        random.Shuffle(sends);
        await Task.WhenAll(sends.Select(x => host.SendAsync(x.Item1, x.Item2)));

        foreach (var id in rounds)
        {
            var settled = await host.Heard.FirstAsync<RoundSettled>(x => x.RoundId == id);
            (settled.Owed, settled.Paid, settled.Payouts).ShouldBe((Stroops.Parse("30"), Stroops.Parse("30"), 30));
            (await host.RoundAsync(id))!.State.ShouldBe(RoundState.Settled);
            (await host.PayoutsAsync(id)).ShouldAllBe(x => x.Outcome == PayoutOutcome.Confirmed && x.Ledger == 1234);
        }

        (await host.LettersAsync()).ShouldBeEmpty();
        await Probe.Until("the outbox is empty", async _ => (await host.OutboxAsync<RoundSettled>()).Count == 0);
        rounds.ShouldAllBe(id => host.Heard.Of<RoundSettled>(x => x.RoundId == id).Count == 1);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_stay_resolved_until_the_last_is_confirmed(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database);
        var id = await ResolveAsync(host, players: 3);
        await EndAsync(host, Game.Confirmed(id, 1, "1"), Game.Failed(id, 2), Game.Failed(id, 3));
        await EndAsync(host, Game.Failed(id, 3) with { Outcome = PayoutOutcome.Cancelled }, Game.Failed(id, 1));
        var round = (await host.RoundAsync(id))!;
        (round.State, round.Confirmed, round.Paid).ShouldBe((RoundState.Resolved, 1, Stroops.Parse("1")));
        (await host.PayoutsAsync(id)).ToDictionary(x => x.Winner, x => x.Outcome).ShouldBe(new Dictionary<string, PayoutOutcome?>
        {
            [Game.Player(1)] = PayoutOutcome.Confirmed, [Game.Player(2)] = PayoutOutcome.Failed, [Game.Player(3)] = PayoutOutcome.Cancelled,
        }, ignoreOrder: true);

        await EndAsync(host, Game.Confirmed(id, 2, "1"), Game.Confirmed(id, 3, "1"));
        (await host.RoundAsync(id))!.State.ShouldBe(RoundState.Settled);
        (await host.OutboxAsync<RoundSettled>()).ShouldHaveSingleItem();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_settle_with_what_an_operator_wrote_off(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database);
        var id = await ResolveAsync(host, players: 3);
        var off = Game.Failed(id, 3) with { Outcome = PayoutOutcome.WrittenOff };
        await EndAsync(host, Game.Confirmed(id, 1, "1"), off);
        (await host.RoundAsync(id))!.State.ShouldBe(RoundState.Resolved);

        // What came before the decision may be heard after it, and the decision may be heard again.
        await EndAsync(host, Game.Failed(id, 3), off);
        await EndAsync(host, Game.Confirmed(id, 2, "1"));

        var round = (await host.RoundAsync(id))!;
        (round.State, round.Confirmed, round.Paid, round.WrittenOffCount, round.WrittenOff).ShouldBe((RoundState.Settled, 2, Stroops.Parse("2"), 1, Stroops.Parse("1")));
        var settled = (await host.OutboxAsync<RoundSettled>()).ShouldHaveSingleItem();
        (settled.Owed, settled.Paid, settled.WrittenOff, settled.Payouts).ShouldBe((Stroops.Parse("3"), Stroops.Parse("2"), (Stroops?)Stroops.Parse("1"), 3));
        (await host.PayoutsAsync(id)).Single(x => x.Winner == Game.Player(3)).Outcome.ShouldBe(PayoutOutcome.WrittenOff);
        var conflict = await Should.ThrowAsync<RefusedMessageException>(() => EndAsync(host, Game.Confirmed(id, 3, "1")));
        conflict.Message.ShouldContain("was WrittenOff as 0.0000000 in no transaction, and now Confirmed as 1.0000000");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_not_settle_when_paid_is_not_owed(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database);
        var id = await ResolveAsync(host, players: 2);
        await EndAsync(host, Game.Confirmed(id, 1, "1"), Game.Confirmed(id, 2, "0.9999999"));
        var round = (await host.RoundAsync(id))!;
        (round.State, round.Confirmed, round.Paid).ShouldBe((RoundState.Resolved, 2, Stroops.Parse("1.9999999")));
        (await host.OutboxAsync<RoundSettled>()).ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_refuse_a_second_payment_and_an_unknown_debt(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        var id = await ResolveAsync(host, players: 2);
        await host.SendAsync(Game.Confirmed(id, 1, "1"));
        await Probe.Until("the payout is entered", async _ => (await host.RoundAsync(id))!.Confirmed == 1);
        await host.SendAsync(Game.Confirmed(id, 1, "1") with { TransactionHash = new string('b', 64) });
        await host.SendAsync(Game.Confirmed(id, 9, "1"));
        await host.SendAsync(Game.Confirmed("no-such-round", 1, "1"));
        await host.SendAsync(Game.Confirmed(id, 2, "1") with { TransactionHash = null });
        await host.SendAsync(Game.Failed(id, 2) with { Paid = new Stroops(1) });
        await Probe.Until("five letters are kept", async _ => (await host.LettersAsync()).Count == 5);
        (await host.LettersAsync()).Select(x => x.Reason).Order().ShouldBe(["PayoutConflict", "PayoutInvalid", "PayoutInvalid", "PayoutUnknown", "PayoutUnknown"]);
        (await host.LettersAsync()).ShouldAllBe(x => x.Queue == "rounds.payout-settled");
        (await host.RoundAsync(id))!.Paid.ShouldBe(Stroops.Parse("1"));
    }

    /// <summary>A resolved round that owes 1 to each of its players.</summary>
    internal static async Task<string> ResolveAsync(RoundsHost host, int players)
    {
        var opened = Game.Opened();
        var id = opened.RoundId;
        await host.ApplyAsync(opened, Game.Entered(id, 1, [.. Enumerable.Repeat("1", players)]), Game.Closed(id, players),
            Game.Drawn(id, [.. Enumerable.Range(1, players).Select(player => (player, "1"))]));
        return id;
    }

    internal static async Task EndAsync(RoundsHost host, params PayoutSettled[] ends)
    {
        await using var unit = await host.Units.BeginAsync(TestContext.Current.CancellationToken);
        await host.Get<PayoutEnds>().HandleAsync(ends, unit, TestContext.Current.CancellationToken);
        await unit.CommitAsync(TestContext.Current.CancellationToken);
    }
}
