using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Planning;

public sealed class When_a_round_is_resolved(Servers servers)
{
    [Fact(Timeout = 120_000)]
    public async Task Should_plan_each_debt_once_however_often_it_is_told()
    {
        await using var host = await BuilderHost.StartAsync();
        var round = Sample.Round(1, ("one", 10_000_000), ("two", 20_000_000));
        var messageId = Guid.NewGuid();
        await host.SendAsync(round, messageId);
        await Probe.Until("the round is planned", async _ => (await host.PayoutsAsync()).Count == 2);
        var planned = await FactsAsync(host);

        await host.SendAsync(round, messageId);
        await host.SendAsync(round);
        // Taken in order: when this one is planned, the repeats before it were handled.
        await host.SendAsync(Sample.Round(2, ("three", 1)));
        await Probe.Until("the next round is planned and both repeats are handled", async _ => (await host.PayoutsAsync()).Count == 3 && await host.HandledAsync() == 3);

        (await FactsAsync(host)).Where(x => x.RoundId == "round-1").ShouldBe(planned);
        (await host.HistoryAsync()).Count.ShouldBe(3, "each payout entered Building once, and nothing else happened");
        (await host.LettersAsync()).ShouldBeEmpty();
        planned.Select(x => x.Id).ShouldBe(round.Payouts.Select(x => PayoutId.Derive(
            Sample.Network.Passphrase, Sample.Contract.ToString(), "GAME", 7, 1, x.Winner).Value), ignoreOrder: true);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_refuse_another_amount_and_take_nothing_of_that_round()
    {
        await using var host = await BuilderHost.StartAsync();
        await host.SendAsync(Sample.Round(1, ("one", 10_000_000)));
        await Probe.Until("the round is planned", async _ => (await host.PayoutsAsync()).Count == 1);
        var messageId = Guid.NewGuid();

        await host.SendAsync(Sample.Round(1, ("new", 5_000_000), ("one", 10_000_001)) with { RoundId = "usurper" }, messageId);
        var letter = (await Probe.Until("a letter is kept", _ => host.LettersAsync(), letters => letters.Count == 1))[0];

        (letter.Reason, letter.MessageId, letter.Queue).ShouldBe((nameof(FailureCode.OrderConflict), messageId, "payout-builder.round-resolved"));
        letter.Detail.ShouldContain("round usurper owes 1.0000001 XLM");
        letter.Detail.ShouldContain("taken before with 1.0000000 XLM for round round-1");
        var payout = (await host.PayoutsAsync()).ShouldHaveSingleItem();
        (payout.Amount, payout.RoundId).ShouldBe((new Stroops(10_000_000), "round-1"));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_refuse_another_currency()
    {
        await using var host = await BuilderHost.StartAsync();
        await host.SendAsync(Sample.Round(1, ("one", 10_000_000)));
        await Probe.Until("the round is planned", async _ => (await host.PayoutsAsync()).Count == 1);

        await host.SendAsync(Sample.Round(1, ("one", 10_000_000)) with { Currency = "USDC" });

        (await Probe.Until("a letter is kept", _ => host.LettersAsync(), letters => letters.Count == 1))[0].Reason.ShouldBe(nameof(FailureCode.OrderConflict));
        (await host.PayoutsAsync()).ShouldHaveSingleItem().Currency.ShouldBe("XLM");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_planned_once_by_two_replicas_at_once()
    {
        const int Rounds = 8, Winners = 25;
        var database = await servers.CreateDatabaseAsync("builder", TestContext.Current.CancellationToken);
        await using var one = await BuilderHost.StartAsync(database.Url);
        await using var two = await BuilderHost.StartAsync(database.Url);
        var rounds = Enumerable.Range(1, Rounds).Select(r => Sample.Round((uint)r, [.. Enumerable.Range(1, Winners).Select(w => ($"winner {w}", (long)(r * w)))])).ToList();

        await Task.WhenAll(rounds.SelectMany(round => new[] { one.SendAsync(round), two.SendAsync(round) }));
        await Probe.Until("both replicas have handled every round", async _ => await one.HandledAsync() == 2 * Rounds, TimeSpan.FromSeconds(60));

        (await one.PayoutsAsync()).Select(x => (x.RoundId, x.Winner)).ShouldBeUnique();
        var history = await one.HistoryAsync();
        history.Count.ShouldBe(Rounds * Winners);
        history.ShouldAllBe(x => x.Number == 1 && x.Event == nameof(PayoutPlanned));
        (await one.LettersAsync()).ShouldBeEmpty();
    }

    private static async Task<List<(Guid Id, string RoundId, Stroops Amount, int Version, string State)>> FactsAsync(BuilderHost host) =>
        [.. (await host.PayoutsAsync()).OrderBy(x => x.CorrelationId).Select(x => (x.CorrelationId, x.RoundId, x.Amount, x.Version, x.CurrentState))];
}
