using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Payouts.Contracts;
using Payouts.Signer.Policies;
using Payouts.Signer.Requests;
using Payouts.Signer.Tests.Support;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Policies;

public sealed class When_the_policy_holds_a_request
{
    private static readonly DateTimeOffset Start = new(2026, 12, 2, 12, 0, 30, TimeSpan.Zero);
    private static readonly DateTimeOffset ValidUntil = Start + TimeSpan.FromDays(3);
    private readonly FakeTimeProvider _time = new(Start);
    private readonly Installation _installation = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_ask_when_two_different_people_approved_it()
    {
        await using var host = await StartAsync("""{"version":"1","currencies":{"XLM":{"approveAbove":"12"}}}""");
        var order = await AskAsync(host, 7);
        var held = await host.StoredAsync(_installation.IdOf(order), SignRequestState.Held);
        (held.Decision, held.Reason).ShouldBe(("ApprovalMissing", "more than 12.0000000 XLM: 0 of 2 people approved it"));

        (await ApproveAsync(host, held.RequestId, "ann")).ShouldBe(204);
        (await ApproveAsync(host, held.RequestId, "ann")).ShouldBe(204);
        (await ApproveAsync(host, held.RequestId, "Ann")).ShouldBe(204);
        await JudgedAgainAsync(host, order);
        (await host.StoredAsync(_installation.IdOf(order), SignRequestState.Held)).Reason.ShouldEndWith("1 of 2 people approved it");
        host.Witness.Requests.ShouldBeEmpty();

        (await ApproveAsync(host, held.RequestId, "ben")).ShouldBe(204);
        await AfterTimeAsync("it is asked for", () => host.Witness.Requests.Count == 1);
        (await RulesAsync(host, held.RequestId)).ShouldBe(["ApprovalMissing", "Approved"]);

        // The approval is of the debt: the next build of the same payout needs none.
        await host.SendAsync(_installation.Command(order, _installation.Build(order, ValidUntil, sequenceNumber: 4_294_967_298), attempt: 2));
        await host.RequestAsync(_installation.IdOf(order), attempt: 2);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_let_go_within_the_hour_and_the_day_what_fits_and_count_a_payout_once()
    {
        await using var host = await StartAsync("""{"version":"1","currencies":{"XLM":{"perHour":"25","perDay":"37.5"}}}""");
        var first = await AskAsync(host, 1);
        await AskAsync(host, 2);
        await AfterTimeAsync("two fit", () => host.Witness.Requests.Count == 2);
        await host.SendAsync(_installation.Command(first, _installation.Build(first, ValidUntil, sequenceNumber: 4_294_967_299), attempt: 2));
        await host.RequestAsync(_installation.IdOf(first), attempt: 2);
        var third = await AskAsync(host, 3);
        var fourth = await AskAsync(host, 4);
        (await host.StoredAsync(_installation.IdOf(third), SignRequestState.Held)).Decision.ShouldBe("HourLimit");

        // One minute short of an hour after the minute in which the first was let go.
        _time.Advance(TimeSpan.FromMinutes(59));
        await JudgedAgainAsync(host, third);
        host.Witness.Requests.Count.ShouldBe(3);
        _time.Advance(TimeSpan.FromMinutes(2));
        await AfterTimeAsync("a third fits", () => host.Witness.Requests.Count == 4);
        var left = (await host.StoredAsync(_installation.IdOf(third))).Single().State == SignRequestState.Held ? third : fourth;
        (await Probe.Until("the fourth is judged", async _ => { _time.Advance(TimeSpan.FromSeconds(1)); return (await host.StoredAsync(_installation.IdOf(left))).Single(); },
            request => request.Decision == "DayLimit")).State.ShouldBe(SignRequestState.Held);

        _time.Advance(TimeSpan.FromHours(24));
        await AfterTimeAsync("the day is over", () => host.Witness.Requests.Count == 5);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_refuse_what_no_time_mends_and_say_the_rule()
    {
        await using var host = await StartAsync("""{"version":"1","currencies":{"XLM":{"perPayout":"12.4999999"}}}""");
        var order = await AskAsync(host, 7);
        var failed = await host.FailedAsync(_installation.IdOf(order));
        (failed.Stage, failed.Code, failed.Transient).ShouldBe((PayoutStage.Sign, FailureCode.PolicyRefused, false));
        failed.Detail.ShouldContain("12.5000000 XLM; 12.4999999 is the most");
        host.Witness.Requests.ShouldBeEmpty();
        (await host.StoredAsync(_installation.IdOf(order), SignRequestState.Refused)).Decision.ShouldBe("PayoutLimit");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_stop_and_let_go_a_currency_without_any_policy()
    {
        await using var host = await StartAsync(null);
        (await PostAsync(host, "policy/XLM/stop", "ann")).ShouldBe(204);
        var order = await AskAsync(host, 7);
        var held = await host.StoredAsync(_installation.IdOf(order), SignRequestState.Held);
        held.Decision.ShouldBe("Stopped");
        await JudgedAgainAsync(host, order);
        host.Witness.Requests.ShouldBeEmpty();

        (await PostAsync(host, "policy/XLM/let-go", "ben")).ShouldBe(204);
        await AfterTimeAsync("it is asked for", () => host.Witness.Requests.Count == 1);
        var shown = JsonNode.Parse(await host.Http.GetStringAsync("policy", Cancelled))!["switches"]!.AsArray().Single(x => x!["subject"]!.GetValue<string>() == "XLM")!;
        (shown["stopped"]!.GetValue<bool>(), shown["by"]!.GetValue<string>()).ShouldBe((false, "ben"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_end_what_was_held_until_its_envelope_was_of_no_use()
    {
        await using var host = await StartAsync("""{"version":"1","currencies":{"XLM":{"approveAbove":"12"}}}""");
        var order = await AskAsync(host, 7);
        await host.StoredAsync(_installation.IdOf(order), SignRequestState.Held);
        _time.Advance(ValidUntil - Start);
        await AfterTimeAsync("it ends", async () => (await host.StoredAsync(_installation.IdOf(order))).Single().State == SignRequestState.Refused);
        (await host.StoredAsync(_installation.IdOf(order))).Single().Decision.ShouldBe("WaitedTooLong");
        host.Witness.Failed.ShouldBeEmpty();
    }

    [Theory(Timeout = 60_000)]
    [InlineData("policy/EURC/stop", "ann", "why", 404)]
    [InlineData("policy/XLM/stop", "", "why", 400)]
    [InlineData("policy/XLM/stop", "ann", " ", 400)]
    [InlineData("sign-requests/00000000-0000-0000-0000-000000000001/approve", "ann", "why", 404)]
    public async Task Should_refuse_words_that_say_nothing(string path, string by, string reason, int status)
    {
        await using var host = await StartAsync(null);
        (await PostAsync(host, path, by, reason)).ShouldBe(status);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(100, 500, 204)]
    [InlineData(101, 500, 400)]
    [InlineData(100, 501, 400)]
    public async Task Should_bound_what_people_say(int name, int reason, int status)
    {
        await using var host = await StartAsync(null);
        (await PostAsync(host, "policy/XLM/stop", new string('a', name), new string('b', reason))).ShouldBe(status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_show_at_most_1000_decisions()
    {
        await using var host = await StartAsync(null);
        await host.ChangeAsync(db => db.AddRange(Enumerable.Range(0, 1001).Select(_ => new PolicyDecision
        {
            Id = Guid.CreateVersion7(), RequestId = Guid.NewGuid(), Verdict = "Allow", Rule = PolicyRule.WithinLimits, Detail = "test", At = Start,
        })));
        foreach (var (limit, shown) in new[] { ("1000", 1000), ("1001", 1000), ("0", 1) })
            JsonNode.Parse(await host.Http.GetStringAsync($"policy/decisions?limit={limit}", Cancelled))!.AsArray().Count.ShouldBe(shown);
    }

    private Task<SignerHost> StartAsync(string? policy) => SignerHost.StartAsync(_installation, settings =>
    {
        settings["PAYOUTS_SIGNING_POLICY"] = policy;
        settings["PAYOUT_TOKEN_CONTRACTS"] = $"XLM={_installation.Token}";
    }, time: _time);

    private async Task<Contracts.PayoutOrder> AskAsync(SignerHost host, uint round)
    {
        var order = _installation.Order(round);
        await host.SendAsync(_installation.Resolved(order));
        await host.SendAsync(_installation.Command(order, _installation.Build(order, ValidUntil)));
        await Probe.Until("the request is judged", async _ => await host.StoredAsync(_installation.IdOf(order)), found => found.Count == 1);
        return order;
    }

    private static Task<int> ApproveAsync(SignerHost host, Guid request, string by) => PostAsync(host, $"sign-requests/{request}/approve", by);

    private static async Task<int> PostAsync(SignerHost host, string path, string by, string reason = "looked at it")
    {
        using var answer = await host.Http.PostAsJsonAsync(path, new { by, reason }, Cancelled);
        return (int)answer.StatusCode;
    }

    private static async Task<IEnumerable<string>> RulesAsync(SignerHost host, Guid request) =>
        JsonNode.Parse(await host.Http.GetStringAsync($"policy/decisions?request={request}", Cancelled))!.AsArray().Select(x => Enum.Parse<PolicyRule>(x!["rule"]!.ToString()).ToString()).Reverse();

    /// <summary>Time passes until the request was judged again, and is still held.</summary>
    private async Task JudgedAgainAsync(SignerHost host, Contracts.PayoutOrder order)
    {
        var before = (await host.StoredAsync(_installation.IdOf(order), SignRequestState.Held)).JudgeAt;
        await AfterTimeAsync("it is judged again", async () => (await host.StoredAsync(_installation.IdOf(order))).Single() is { State: SignRequestState.Held } held && held.JudgeAt > before);
    }

    private Task AfterTimeAsync(string what, Func<bool> holds) => AfterTimeAsync(what, () => Task.FromResult(holds()));

    private Task AfterTimeAsync(string what, Func<Task<bool>> holds) => Probe.Until(what, async _ =>
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return await holds();
    }, held => held);
}
