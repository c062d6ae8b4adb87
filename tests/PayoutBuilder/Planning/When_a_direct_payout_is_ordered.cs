using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Planning;

public sealed class When_a_direct_payout_is_ordered
{
    private static readonly DirectPayoutOrdered Refund = new()
    {
        Reference = "refund-1",
        Context = "GAME",
        PoolId = 7,
        RoundNumber = 9,
        Winner = Sample.Account("one"),
        Amount = new Stroops(10_000_000),
        Currency = "XLM",
        Reason = "the table broke down",
        OrderedBy = "ana",
    };

    [Fact(Timeout = 120_000)]
    public async Task Should_be_planned_once_and_shown_with_its_reason()
    {
        await using var host = await BuilderHost.StartAsync();
        await host.SendAsync(Refund);
        await host.SendAsync(Refund);
        await host.SendAsync(Sample.Round(1, ("two", 20_000_000)));
        await host.SendAsync(Refund with { Reference = "refund-2", RoundNumber = 10 });
        var payouts = await Probe.Until("three are planned", _ => host.PayoutsAsync(), found => found.Count == 3);

        var direct = payouts.Single(x => x.Reference == "refund-1");
        (direct.RoundId, direct.Reason, direct.Amount, direct.Id).ShouldBe(("direct:refund-1", "the table broke down", Refund.Amount,
            PayoutId.Derive(Sample.Network.Passphrase, Sample.Contract.ToString(), "GAME", 7, 9, Refund.Winner)));
        (await host.LettersAsync()).ShouldBeEmpty();
        (await ReferencesAsync(host, "payouts?direct=true")).ShouldBe(["refund-1", "refund-2"]);
        (await ReferencesAsync(host, "payouts?direct=false")).ShouldBe([null]);
        (await ReferencesAsync(host, "payouts?reference=refund-2")).ShouldBe(["refund-2"]);
        (await ReferencesAsync(host, "payouts?round=direct:refund-1")).ShouldBe(["refund-1"]);
    }

    /// <summary>One debt has one payout, whoever announces it: what differs is refused by name.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(10_000_000, "refund-2", "the same debt by another order")]
    [InlineData(10_000_001, "refund-1", "another amount")]
    public async Task Should_refuse_a_second_order_of_one_debt(long stroops, string reference, string what)
    {
        await using var host = await BuilderHost.StartAsync();
        await host.SendAsync(Refund);
        await Probe.Until("it is planned", async _ => (await host.PayoutsAsync()).Count == 1);
        await host.SendAsync(Refund with { Reference = reference, Amount = new Stroops(stroops) });
        var letter = (await Probe.Until("a letter is kept", _ => host.LettersAsync(), letters => letters.Count == 1))[0];
        (letter.Reason, letter.Queue).ShouldBe((nameof(FailureCode.OrderConflict), "payout-builder.direct-payout-ordered"), what);
        (await host.PayoutsAsync()).ShouldHaveSingleItem().Amount.ShouldBe(Refund.Amount);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(10_000_000)]
    [InlineData(10_000_001)]
    public async Task Should_refuse_the_debt_of_a_round_and_a_round_with_its_debt(long stroops)
    {
        await using var host = await BuilderHost.StartAsync();
        await host.SendAsync(Sample.Round(9, ("one", 10_000_000)));
        await Probe.Until("the round is planned", async _ => (await host.PayoutsAsync()).Count == 1);
        await host.SendAsync(Refund with { Amount = new Stroops(stroops) });
        var letter = (await Probe.Until("the order is refused", _ => host.LettersAsync(), letters => letters.Count == 1))[0];
        letter.Reason.ShouldBe(nameof(FailureCode.OrderConflict));
        letter.Detail.ShouldContain("for round round-9");

        await host.SendAsync(Refund with { RoundNumber = 11 });
        await Probe.Until("another is planned", async _ => (await host.PayoutsAsync()).Count == 2);
        await host.SendAsync(Sample.Round(11, ("one", stroops)));
        await Probe.Until("the round is refused", async _ => (await host.LettersAsync()).Count == 2);
        (await host.PayoutsAsync()).Count.ShouldBe(2);
    }

    private static async Task<IReadOnlyList<string?>> ReferencesAsync(BuilderHost host, string path) =>
        [.. System.Text.Json.Nodes.JsonNode.Parse(await host.Http.GetStringAsync(path, TestContext.Current.CancellationToken))!.AsArray().Select(x => x!["reference"]?.GetValue<string>()).Order()];
}
