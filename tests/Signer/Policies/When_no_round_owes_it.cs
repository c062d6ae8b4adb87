using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Payouts.Contracts;
using Payouts.Signer.Intent;
using Payouts.Signer.Policies;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Policies;

/// <summary>A direct payout: signed only with an order that rounds announced, where the switch is on, and within limits of its own.</summary>
public sealed class When_no_round_owes_it
{
    private const string Ann = "GBBZ7G567PWBHY2DUOLNHCOWDLCEHUBTUCNQ4RFATBGFRO54OLSDNGF7";

    private static readonly DateTimeOffset Start = new(2026, 12, 2, 12, 0, 30, TimeSpan.Zero);
    private static readonly DateTimeOffset ValidUntil = Start + TimeSpan.FromDays(3);
    private readonly FakeTimeProvider _time = new(Start);
    private readonly Installation _installation = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_be_signed_with_its_order_and_only_as_that_says()
    {
        await using var host = await StartAsync(null);
        var order = await AskAsync(host, 7, ordered: true);
        await host.RequestAsync(_installation.IdOf(order));

        var more = _installation.Order(8, amount: "12.5000001");
        var orders = await host.CountOrdersAsync();
        await host.SendAsync(Ordered(_installation.Order(8)));
        // Taken before its order it would wait, and then be refused for what the order says of the transaction.
        await Probe.Until("the order is kept", async _ => await host.CountOrdersAsync() == orders + 1, cancellationToken: TestContext.Current.CancellationToken);
        await host.SendAsync(_installation.Command(more, _installation.Build(more, ValidUntil)));
        (await host.FailedAsync(_installation.IdOf(more))).Detail.ShouldStartWith(nameof(IntentProblem.OrderDiffers));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_not_be_signed_when_nobody_but_the_builder_knows_of_it()
    {
        await using var host = await StartAsync(null, new() { OrderWaitMax = TimeSpan.FromSeconds(5) });
        var invented = await AskAsync(host, 7, ordered: false);
        await host.StoredAsync(_installation.IdOf(invented), SignRequestState.AwaitingOrder);
        _time.Advance(TimeSpan.FromSeconds(6));
        await AfterTimeAsync("it is refused", async () => (await host.StoredAsync(_installation.IdOf(invented))).Single().State == SignRequestState.Refused);
        (await host.FailedAsync(_installation.IdOf(invented))).Code.ShouldBe(FailureCode.OrderUnknown);
        host.Witness.Requests.ShouldBeEmpty();
    }

    [Theory(Timeout = 60_000)]
    [InlineData(null)]
    [InlineData("""{"version":"1","currencies":{"XLM":{}},"direct":{"XLM":{"approvals":0}}}""")]
    public async Task Should_be_refused_while_the_switch_is_off(string? policy)
    {
        await using var host = await StartAsync(policy, isOn: false);
        var order = await AskAsync(host, 7, ordered: true);
        (await host.FailedAsync(_installation.IdOf(order))).Code.ShouldBe(FailureCode.PolicyRefused);
        (await host.StoredAsync(_installation.IdOf(order), SignRequestState.Refused)).Decision.ShouldBe("DirectNotAllowed");
        host.Witness.Requests.ShouldBeEmpty();

        // What a round owes is signed all the same.
        await host.AskAsync(_installation, 8, validUntil: ValidUntil);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_wait_for_somebody_other_than_who_ordered_it()
    {
        await using var host = await StartAsync("""{"version":"1","currencies":{"XLM":{}},"direct":{"XLM":{}}}""");
        var order = await AskAsync(host, 7, ordered: true);
        var held = await host.StoredAsync(_installation.IdOf(order), SignRequestState.Held);
        (held.Decision, held.Reason).ShouldBe(("ApprovalMissing", "a direct payout: 0 of 1 people other than who ordered it approved it"));
        var shown = JsonNode.Parse(await host.Http.GetStringAsync($"sign-requests/{held.RequestId}", Cancelled))!["direct"]!;
        (shown["reference"]!.GetValue<string>(), shown["orderedBy"]!.GetValue<string>(), shown["reason"]!.GetValue<string>()).ShouldBe(("refund-7", "ann", "the table broke down"));

        (await ApproveAsync(host, held.RequestId, "Ann")).ShouldBe(204);
        await Probe.Until("it was judged again", async _ => { _time.Advance(TimeSpan.FromSeconds(1)); return _time.GetUtcNow() - Start > TimeSpan.FromSeconds(12); });
        (await host.StoredAsync(_installation.IdOf(order))).Single().State.ShouldBe(SignRequestState.Held, "who ordered it does not approve it");
        host.Witness.Requests.ShouldBeEmpty();

        (await ApproveAsync(host, held.RequestId, "ben")).ShouldBe(204);
        await AfterTimeAsync("it is asked for", () => Task.FromResult(host.Witness.Requests.Count == 1));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_count_by_itself_what_is_paid_directly_in_a_day()
    {
        await using var host = await StartAsync("""{"version":"1","currencies":{"XLM":{"perDay":"100"}},"direct":{"XLM":{"perDay":"25","approvals":0}}}""");
        await host.AskAsync(_installation, 1, validUntil: ValidUntil);
        foreach (var round in new uint[] { 2, 3 })
            await host.RequestAsync(_installation.IdOf(await AskAsync(host, round, ordered: true)));
        var third = await AskAsync(host, 4, ordered: true);
        var held = await host.StoredAsync(_installation.IdOf(third), SignRequestState.Held);
        (held.Decision, held.Reason).ShouldBe(("DayLimit", "25.0000000 of 25.0000000 XLM were let go directly within 24 hours"));
        // Rounds go on.
        await host.AskAsync(_installation, 5, validUntil: ValidUntil);
        _time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(1));
        await AfterTimeAsync("the day is over", () => Task.FromResult(host.Witness.Requests.Count == 5));
    }

    [Theory]
    [InlineData("10", "0", 1, PolicyRule.Approved)]
    [InlineData("10.0000001", "0", 1, PolicyRule.PayoutLimit)]
    [InlineData("10", "15", 1, PolicyRule.Approved)]
    [InlineData("10", "15.0000001", 1, PolicyRule.DayLimit)]
    [InlineData("10", "0", 0, PolicyRule.ApprovalMissing)]
    public void Should_let_go_exactly_the_limit(string amount, string day, int approvals, PolicyRule rule) =>
        Judge(amount, "XLM", new DirectCase(IsOn: true, Stroops.Parse(day), approvals)).ShouldBe(rule);

    [Fact]
    public void Should_be_paid_only_in_currencies_that_the_section_names()
    {
        Judge("1", "USDC", new DirectCase(IsOn: true, Stroops.Zero, 5)).ShouldBe(PolicyRule.DirectNotAllowed);
        Judge("1", "USDC", null).ShouldBe(PolicyRule.WithinLimits);
        Judge("11", "XLM", null).ShouldBe(PolicyRule.WithinLimits, "the limit is not of rounds");
    }

    [Theory]
    [InlineData("""{"XLM":{"perPayout":"2","perDay":"1"}}""", "direct.XLM.perPayout: at most perDay")]
    [InlineData("""{"XLM":{"approvals":6}}""", "direct.XLM.approvals: 0 to 5")]
    [InlineData("""{"XLM":{"approvals":-1}}""", "direct.XLM.approvals: 0 to 5")]
    [InlineData("""{"XLM":{"perHour":"1"}}""", "perHour")]
    [InlineData("""{"XLM":{"perPayout":"0"}}""", "direct.XLM.perPayout:")]
    [InlineData("""{"XLM":null}""", "direct.XLM:")]
    [InlineData("""{"EURC":{}}""", "direct.EURC: a currency that currencies names")]
    public void Should_name_what_is_wrong_in_the_section(string section, string said) => Should.Throw<FormatException>(
        () => SigningPolicyFile.Parse("""{"version":"1","currencies":{"XLM":{}},"direct":""" + section + "}")).Message.ShouldContain(said);

    [Fact]
    public void Should_understand_every_member_of_the_section()
    {
        var policy = SigningPolicyFile.Parse("""{"version":"1","currencies":{"XLM":{},"USDC":{}},"direct":{"XLM":{"perPayout":"10","perDay":"25","approvals":0},"USDC":{}}}""");
        policy.Direct!["XLM"].ShouldBe(new DirectLimits { PerPayout = Stroops.Parse("10"), PerDay = Stroops.Parse("25"), Approvals = 0 });
        policy.Direct["USDC"].ShouldBe(new DirectLimits { Approvals = 1 });
        policy.CountsSums.ShouldBeTrue();
        SigningPolicyFile.Parse("""{"version":"1","currencies":{"XLM":{}}}""").Direct.ShouldBeNull();
    }

    private static PolicyRule Judge(string amount, string currency, DirectCase? direct)
    {
        var policy = SigningPolicyFile.Parse("""{"version":"1","currencies":{"XLM":{},"USDC":{}},"direct":{"XLM":{"perPayout":"10","perDay":"25"}}}""");
        var one = new PolicyCase("direct:r", currency, "C", [new PayoutShare { Winner = Ann, Amount = Stroops.Parse(amount) }], Stroops.Parse(amount)) { Direct = direct };
        return PolicyCheck.Judge(policy, one, new PolicySums(Stroops.Zero, Stroops.Zero, Stroops.Zero), new HashSet<string>(), approvals: 0, Start).Rule;
    }

    private Task<SignerHost> StartAsync(string? policy, Configuration.SignerOptions? options = null, bool isOn = true) => SignerHost.StartAsync(_installation, settings =>
    {
        settings["PAYOUTS_DIRECT_PAYOUTS"] = isOn ? "true" : "false";
        if (policy is not null)
            settings["PAYOUTS_SIGNING_POLICY"] = policy;
    }, options, _time);

    private async Task<PayoutOrder> AskAsync(SignerHost host, uint round, bool ordered)
    {
        var order = _installation.Order(round);
        if (ordered)
            await host.SendAsync(Ordered(order));
        await host.SendAsync(_installation.Command(order, _installation.Build(order, ValidUntil)));
        return order;
    }

    private static DirectPayoutOrdered Ordered(PayoutOrder order) => new()
    {
        Reference = $"refund-{order.RoundNumber}",
        Context = order.Context,
        PoolId = order.PoolId,
        RoundNumber = order.RoundNumber,
        Winner = order.Winner,
        Amount = order.Amount,
        Currency = order.Currency,
        Reason = "the table broke down",
        OrderedBy = "ann",
    };

    private async Task AfterTimeAsync(string what, Func<Task<bool>> happened) => await Probe.Until(what, async _ =>
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return await happened();
    });

    private static async Task<int> ApproveAsync(SignerHost host, Guid request, string by)
    {
        using var answer = await host.Http.PostAsJsonAsync($"sign-requests/{request}/approve", new { by, reason = "seen" }, Cancelled);
        return (int)answer.StatusCode;
    }
}
