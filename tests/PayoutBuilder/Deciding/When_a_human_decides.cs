using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Payouts.Builder.Deciding;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Deciding;

/// <summary>Over HTTP: each decision, who and why and what it changed, alone and with a second person.</summary>
public sealed class When_a_human_decides(Servers servers)
{
    private static readonly string Channel = Sample.Account("channel");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string, string> Changes => new()
    {
        { "hold", "Building", "OnHold", "Operator" },
        { "release", "OnHold/Operator", "Building", "" },
        { "retry", "OnHold/SignerRejected", "Building", "" },
        { "retry", "Failed/FailedOnLedger", "Building", "" },
        { "cancel", "OnHold/SignerRejected", "Cancelled", "SignerRejected" },
        { "write-off", "OnHold/SignerRejected", "WrittenOff", "SignerRejected" },
        { "write-off", "Failed/FailedOnLedger", "WrittenOff", "FailedOnLedger" },
        { "write-off", "OnHold/SignerTimeout!", "OnHold", "Operator" },
        { "verify", "OnHold/AlreadyPaid", "OnHold", "AlreadyPaid" },
    };

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Changes))]
    public async Task Should_take_effect_and_keep_who_why_before_and_after(string path, string from, string state, string code)
    {
        await using var host = await StartAsync();
        var id = await OweAsync(host, from);

        var step = await TakenAsync(host, $"payouts/{id}/{path}", "Ana", "as agreed with the game");

        (step["status"]!.GetValue<string>(), step["by"]!.GetValue<string>(), step["reason"]!.GetValue<string>()).ShouldBe(("Applied", "Ana", "as agreed with the game"));
        var before = from.TrimEnd('!').Split('/');
        step["before"]!["state"]!.GetValue<string>().ShouldBe(before[0]);
        (step["before"]!["code"]?.GetValue<string>()).ShouldBe(before.Length > 1 ? before[1] : null);
        step["after"]!["state"]!.GetValue<string>().ShouldBe(state);
        (step["after"]!["code"]?.GetValue<string>() ?? "").ShouldBe(code);
        var shown = await ReadAsync(host, $"payouts/{id}");
        shown["payout"]!["state"]!.GetValue<string>().ShouldBe(state);
        shown["decisions"]!.AsArray().Single()!.ToJsonString().ShouldBe(step.ToJsonString());
        (await ReadAsync(host, "decisions")).AsArray().Single()!["decisionId"]!.GetValue<string>().ShouldBe(step["decisionId"]!.GetValue<string>());
    }

    [Theory(Timeout = 120_000)]
    [InlineData("hold", "AwaitingSignature!", "cancel it, which ends its slot first")]
    [InlineData("hold", "OnHold/SignerRejected", "it is on hold already")]
    [InlineData("release", "OnHold/SignerRejected", "only a payout that an operator put on hold is released, this one is OnHold for SignerRejected; retry is for the others")]
    [InlineData("retry", "Confirmed", "a payout in Confirmed is not retried; only OnHold and Failed ones are")]
    [InlineData("cancel", "Submitting!", "a payout in Submitting is not cancelled")]
    [InlineData("cancel", "Confirmed", "a payout in Confirmed is not cancelled")]
    [InlineData("write-off", "Building", "a payout in Building is not written off; only OnHold and Failed ones are")]
    [InlineData("write-off", "Confirmed", "a payout in Confirmed is not written off")]
    [InlineData("verify", "Building", "a payout in Building needs no evidence; only OnHold ones do")]
    public async Task Should_be_refused_with_what_would_be_right(string path, string from, string said)
    {
        await using var host = await StartAsync();
        var id = await OweAsync(host, from);

        (await RefusedAsync(host, $"payouts/{id}/{path}", "Ana", HttpStatusCode.Conflict)).ShouldContain(said);

        (await ReadAsync(host, "decisions")).AsArray().ShouldBeEmpty("what was refused is no decision");
        (await host.PayoutsAsync()).Single().CurrentState.ShouldBe(from.Split('/', '!')[0]);
    }

    /// <summary>The key of the payout source account is outside: an envelope that may be signed cannot be made void, but it ends by itself.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("cancel", "Cancelled")]
    [InlineData("write-off", "WrittenOff")]
    public async Task Should_not_give_up_what_may_still_pay_before_it_is_proven_dead(string path, string end)
    {
        await using var host = await StartAsync();
        var id = await OweAsync(host, "OnHold/SignerTimeout!", Sample.Admin.AccountId.ToString());

        await TakenAsync(host, $"payouts/{id}/{path}", "Ana");

        var held = (await host.PayoutsAsync()).Single();
        (held.CurrentState, held.HoldCode, held.SlotWatched).ShouldBe(("OnHold", FailureCode.Operator, true));
        (await ReadAsync(host, $"payouts/{id}"))["waitsFor"]!.GetValue<string>().ShouldContain($"then it ends as {end}");
        await host.SendAsync(new SlotProvenUnused { PayoutId = held.Id, Attempt = 1, Slot = held.Slot!, ValidUntil = held.ExposedUntil!.Value, MaxLedger = held.ExposedMaxLedger!.Value, ProvenAtLedger = 50 });
        await Probe.Until("the proof ends it", async _ => (await host.PayoutsAsync()).Single().CurrentState == end, TimeSpan.FromSeconds(30));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_taken_once_however_often_it_is_sent()
    {
        await using var host = await StartAsync();
        var id = await OweAsync(host, "OnHold/SignerRejected");
        var other = await OweAsync(host, "OnHold/SignerRejected", round: 2);

        var first = await TakenAsync(host, $"payouts/{id}/cancel", "Ana", "not owed", "ticket-17");
        var again = await TakenAsync(host, $"payouts/{id}/cancel", "Ana", "not owed", "ticket-17");

        again.ToJsonString().ShouldBe(first.ToJsonString());
        (await host.HistoryAsync()).Count(x => x.ToState == "Cancelled").ShouldBe(1);
        (await RefusedAsync(host, $"payouts/{other}/cancel", "Ana", HttpStatusCode.Conflict, "not owed", "ticket-17")).ShouldContain("the Idempotency-Key was used for decision");
        (await RefusedAsync(host, $"payouts/{id}/cancel", "Ben", HttpStatusCode.Conflict, "not owed", "ticket-17")).ShouldContain("the Idempotency-Key was used for decision");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("{}", null)]
    [InlineData("{\"by\":\"Ana\"}", null)]
    [InlineData("{\"by\":\" \",\"reason\":\"x\"}", null)]
    [InlineData("{\"by\":\"Ana\",\"reason\":\"x\"}", 501)]
    public async Task Should_say_who_and_why(string body, int? keyLength)
    {
        await using var host = await StartAsync();
        var id = await OweAsync(host, "OnHold/SignerRejected");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"payouts/{id}/cancel") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        if (keyLength is { } length)
            request.Headers.Add("Idempotency-Key", new string('k', length));

        using var answer = await host.Http.SendAsync(request, Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_wait_for_a_second_person_when_it_takes_four_eyes()
    {
        await using var host = await StartAsync(fourEyes: true);
        var id = await OweAsync(host, "OnHold/SignerRejected");

        var proposed = await TakenAsync(host, $"payouts/{id}/write-off", "Ana", "nobody claims it");
        var decision = proposed["decisionId"]!.GetValue<string>();
        proposed["status"]!.GetValue<string>().ShouldBe("Proposed");
        (await host.PayoutsAsync()).Single().CurrentState.ShouldBe("OnHold", "one person only proposes");
        (await ReadAsync(host, "decisions?open=true")).AsArray().Count.ShouldBe(1);
        (await RefusedAsync(host, $"payouts/{id}/cancel", "Ben", HttpStatusCode.Conflict)).ShouldContain("WriteOff, proposed by Ana, waits for its approval until");
        foreach (var same in new[] { "Ana", " ana " })
            (await RefusedAsync(host, $"decisions/{decision}/approve", same, HttpStatusCode.Conflict)).ShouldContain("Ana proposed it: somebody else approves it");

        var applied = await TakenAsync(host, $"decisions/{decision}/approve", "Ben", "I looked");
        var again = await TakenAsync(host, $"decisions/{decision}/approve", "Ben", "I looked");

        (applied["status"]!.GetValue<string>(), applied["after"]!["state"]!.GetValue<string>()).ShouldBe(("Applied", "WrittenOff"));
        again.ToJsonString().ShouldBe(applied.ToJsonString());
        (await ReadAsync(host, $"decisions/{decision}")).AsArray().Select(x => (x!["status"]!.GetValue<string>(), x["by"]!.GetValue<string>())).ShouldBe([("Proposed", "Ana"), ("Applied", "Ben")]);
        (await RefusedAsync(host, $"decisions/{decision}/approve", "Cleo", HttpStatusCode.Conflict)).ShouldContain("it is Applied since");
        (await host.HistoryAsync()).ShouldContain(x => x.Detail == "Ana and Ben: nobody claims it; I looked");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_stop_a_payout_and_ask_for_evidence_without_a_second_person()
    {
        await using var host = await StartAsync(fourEyes: true);
        var waiting = await OweAsync(host, "Building");
        var said = await OweAsync(host, "OnHold/AlreadyPaid", round: 2);

        (await TakenAsync(host, $"payouts/{waiting}/hold", "Ana", "suspicious"))["status"]!.GetValue<string>().ShouldBe("Applied");
        (await TakenAsync(host, $"payouts/{said}/verify", "Ana", "who paid?"))["status"]!.GetValue<string>().ShouldBe("Applied");
        (await TakenAsync(host, $"payouts/{waiting}/release", "Ana", "it is fine"))["status"]!.GetValue<string>().ShouldBe("Proposed");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_expire_visibly_at_its_bound()
    {
        await using var host = await StartAsync(fourEyes: true);
        var id = await OweAsync(host, "OnHold/SignerRejected");
        var late = (await TakenAsync(host, $"payouts/{id}/cancel", "Ana", "not owed"))["decisionId"]!.GetValue<string>();
        host.Clock.Advance(TimeSpan.FromSeconds(60));

        (await ReadAsync(host, "decisions?open=true")).AsArray().ShouldBeEmpty();
        (await RefusedAsync(host, $"decisions/{late}/approve", "Ben", HttpStatusCode.Conflict)).ShouldContain("it expired at");

        (await ReadAsync(host, $"decisions/{late}")).AsArray().Select(x => x!["status"]!.GetValue<string>()).ShouldBe(["Proposed", "Expired"]);
        var inTime = (await TakenAsync(host, $"payouts/{id}/cancel", "Ana", "not owed"))["decisionId"]!.GetValue<string>();
        host.Clock.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromMilliseconds(1));
        (await TakenAsync(host, $"decisions/{inTime}/approve", "Ben", "yes"))["status"]!.GetValue<string>().ShouldBe("Applied");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_ask_again_whether_it_is_right_when_it_is_approved()
    {
        await using var host = await StartAsync(fourEyes: true);
        var id = await OweAsync(host, "OnHold/SignerRejected");
        var decision = (await TakenAsync(host, $"payouts/{id}/cancel", "Ana", "not owed"))["decisionId"]!.GetValue<string>();
        await host.ReadAsync((db, token) => db.Database.ExecuteSqlRawAsync("update payouts set current_state = 'Confirmed'", token));

        (await RefusedAsync(host, $"decisions/{decision}/approve", "Ben", HttpStatusCode.Conflict)).ShouldContain("since it was proposed the payout has moved on: a payout in Confirmed is not cancelled");

        (await host.PayoutsAsync()).Single().CurrentState.ShouldBe("Confirmed");
        (await ReadAsync(host, $"decisions/{decision}")).AsArray().Select(x => x!["status"]!.GetValue<string>()).ShouldBe(["Proposed", "Refused"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_taken_back_by_anybody()
    {
        await using var host = await StartAsync(fourEyes: true);
        var id = await OweAsync(host, "OnHold/SignerRejected");
        var decision = (await TakenAsync(host, $"payouts/{id}/cancel", "Ana", "not owed"))["decisionId"]!.GetValue<string>();

        (await TakenAsync(host, $"decisions/{decision}/withdraw", "Ana", "a mistake"))["status"]!.GetValue<string>().ShouldBe("Withdrawn");

        (await RefusedAsync(host, $"decisions/{decision}/approve", "Ben", HttpStatusCode.Conflict)).ShouldContain("it is Withdrawn since");
        (await TakenAsync(host, $"payouts/{id}/retry", "Ana", "pay it"))["status"]!.GetValue<string>().ShouldBe("Proposed", "the way is free for another decision");
    }

    /// <summary>OrderConflict is a dead letter, NetworkUnavailable never holds a payout.</summary>
    [Fact]
    public async Task Should_find_every_hold_code_in_the_runbook()
    {
        var runbook = await File.ReadAllTextAsync(RepositoryRoot.PathOf("docs/operations.md"), Cancelled);
        Enum.GetNames<FailureCode>().Except([nameof(FailureCode.OrderConflict), nameof(FailureCode.NetworkUnavailable)]).Where(code => !runbook.Contains(code, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_never_be_changed_in_the_audit(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database);
        await store.AddAsync(new DecisionStep
        {
            DecisionId = Guid.CreateVersion7(), Step = 1, PayoutId = Guid.NewGuid(), Kind = DecisionKind.Cancel, Status = DecisionStatus.Applied, ByWhom = "Ana", Reason = "not owed",
            At = store.Clock.GetUtcNow(), Amount = new Stroops(1), Currency = "XLM", BeforeState = "OnHold", AfterState = "Cancelled",
        });

        var refused = await Should.ThrowAsync<System.Data.Common.DbException>(() => store.SqlAsync("update decision_steps set by_whom = 'Ben'"));

        refused.Message.ShouldContain("a decision is not changed: add a step to it");
    }

    private static Task<BuilderHost> StartAsync(bool fourEyes = false) => BuilderHost.StartAsync(clock: new FakeTimeProvider(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero)), extra: new Dictionary<string, string?>
    {
        ["PAYOUTS_FOUR_EYES"] = fourEyes ? "true" : "false",
        ["PAYOUTS_DECISION_SECONDS"] = "60",
    });

    /// <param name="from">A state; /CODE why it is on hold; ! when an envelope may be signed.</param>
    private static async Task<Guid> OweAsync(BuilderHost host, string from, string? channel = null, uint round = 1)
    {
        var parts = from.TrimEnd('!').Split('/');
        var payout = new Payout
        {
            CorrelationId = Guid.CreateVersion7(), CurrentState = parts[0], RoundId = "round", Context = "GAME", RoundNumber = round, Winner = Sample.Account("winner"),
            Amount = new Stroops(50_000_000), Currency = "XLM", PlannedAt = host.Clock.GetUtcNow(), EnteredStateAt = host.Clock.GetUtcNow(),
        };
        if (parts.Length > 1)
            (payout.HoldStage, payout.HoldCode, payout.HoldDetail) = (PayoutStage.Sign, Enum.Parse<FailureCode>(parts[1]), "as the test says");
        if (from.EndsWith('!'))
            (payout.Channel, payout.SequenceNumber, payout.Exposed, payout.Attempt, payout.TransactionHash, payout.Envelopes, payout.ExposedUntil, payout.ExposedMaxLedger) =
                (channel ?? Channel, 5, true, 1, new string('a', 64), new string('a', 64), host.Clock.GetUtcNow().AddMinutes(5), 99);
        await host.ReadAsync(async (db, token) =>
        {
            db.Add(payout);
            return await db.SaveChangesAsync(token);
        });
        return payout.CorrelationId;
    }

    private static async Task<JsonNode> TakenAsync(BuilderHost host, string path, string by, string reason = "because", string? key = null)
    {
        var (status, body) = await PostAsync(host, path, by, reason, key);
        status.ShouldBe(HttpStatusCode.Accepted, body);
        return JsonNode.Parse(body)!;
    }

    private static async Task<string> RefusedAsync(BuilderHost host, string path, string by, HttpStatusCode expected, string reason = "because", string? key = null)
    {
        var (status, body) = await PostAsync(host, path, by, reason, key);
        status.ShouldBe(expected, body);
        return JsonNode.Parse(body)!["detail"]!.GetValue<string>();
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(BuilderHost host, string path, string by, string reason, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { by, reason }) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var answer = await host.Http.SendAsync(request, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task<JsonNode> ReadAsync(BuilderHost host, string path) => JsonNode.Parse(await host.Http.GetStringAsync(path, Cancelled))!;
}
