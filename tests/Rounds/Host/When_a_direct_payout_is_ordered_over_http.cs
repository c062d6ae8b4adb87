using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.Contracts;
using Payouts.Rounds.Direct;
using Payouts.Rounds.Storage;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>POST /payouts at rounds, whose word payout-signer takes.</summary>
public sealed class When_a_direct_payout_is_ordered_over_http(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_answer_a_repeat_as_the_first_and_refuse_another_body(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database, direct: true);
        using var door = DoorClient.To(host);
        var http = door.Http;
        var request = Direct.Requested("refund/1", 1, "2.5");

        var first = await door.PostAsync("/payouts", request, "key-1");
        (first.Status, first.Location?.ToString()).ShouldBe((HttpStatusCode.Accepted, "/direct-payouts/refund%2F1"), first.Text);
        (await door.PostAsync("/payouts", request, "key-1")).ShouldBe(first);
        (await door.PostAsync("/payouts", request)).ShouldBe(first, "the reference is a key as well");
        (await door.PostAsync("/payouts", request with { Amount = "3" }, "key-1")).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "IdempotencyKeyReused");
        (await door.PostAsync("/payouts", Direct.Requested("refund/2", 2, "1"), "key-1")).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "IdempotencyKeyReused");
        (await door.PostAsync("/payouts", request with { Reason = "another" })).ShouldBeRefused(HttpStatusCode.Conflict, "ReferenceConflict");
        (await door.PostAsync("/payouts", request with { Reference = "refund/3" })).ShouldBeRefused(HttpStatusCode.Conflict, "DebtOrdered");

        await host.Heard.FirstAsync<DirectPayoutOrdered>(x => x.Reference == "refund/1");
        host.Heard.Of<DirectPayoutOrdered>(_ => true).ShouldHaveSingleItem().ShouldBe(Direct.Ordered(request));
        var shown = JsonNode.Parse(await http.GetStringAsync("/direct-payouts/refund%2F1", Cancelled))!;
        (shown["outcome"]!.GetValue<string>(), shown["amount"]!.GetValue<string>(), shown["roundId"]!.GetValue<string>()).ShouldBe(("Pending", "2.5000000", "direct:refund/1"));
        JsonNode.Parse(await http.GetStringAsync("/direct-payouts", Cancelled))!["payouts"]!.AsArray().Count.ShouldBe(1);
        foreach (var nobody in new[] { "nobody's", "a%2Fb" })
            (await door.GetAsync("/direct-payouts/" + nobody)).ShouldBeRefused(HttpStatusCode.NotFound, "DirectPayoutNotFound");
        foreach (var query in new[] { "limit=many", "after=%00" })
            (await door.GetAsync("/direct-payouts?" + query)).ShouldBeRefused(HttpStatusCode.BadRequest, "QueryInvalid");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_name_what_is_wrong_and_take_the_next()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite, direct: true);
        using var door = DoorClient.To(host);
        var sound = Direct.Requested("refund", 1, "2.5");
        foreach (var (request, code) in new (DirectPayoutRequested, string)[]
        {
            (sound with { Reference = "" }, "ReferenceInvalid"), (sound with { Context = "a b" }, "SymbolInvalid"), (sound with { Winner = "G" }, "AccountInvalid"),
            (sound with { Amount = "0" }, "AmountInvalid"), (sound with { Currency = "" }, "SymbolInvalid"), (sound with { Reason = "" }, "ReasonInvalid"),
        })
            (await door.PostAsync("/payouts", request)).ShouldBeRefused(HttpStatusCode.BadRequest, code);
        (await door.PostAsync("/payouts", sound, "")).ShouldBeRefused(HttpStatusCode.BadRequest, "IdempotencyKeyMissing");
        (await door.PostAsync("/payouts", sound, new string('k', 101))).ShouldBeRefused(HttpStatusCode.BadRequest, "IdempotencyKeyInvalid");
        var json = JsonSerializer.SerializeToNode(sound, ContractsJson.Options)!.AsObject();
        foreach (var member in json.Select(x => x.Key).ToList())
        {
            foreach (var wrong in new JsonNode?[] { null, new JsonArray(1), JsonValue.Create(member is "poolId" or "roundNumber" ? -1 : 1) })
            {
                var body = json.DeepClone().AsObject();
                body[member] = wrong?.DeepClone();
                (await door.PostTextAsync("/payouts", body.ToJsonString())).ShouldBeRefused(HttpStatusCode.BadRequest, "BodyInvalid");
            }

            var without = json.DeepClone().AsObject();
            without.Remove(member);
            (await door.PostTextAsync("/payouts", without.ToJsonString())).ShouldBeRefused(HttpStatusCode.BadRequest, "BodyInvalid");
        }

        foreach (var body in new[] { "", "null", "[]", "{", "\"text\"" })
            (await door.PostTextAsync("/payouts", body)).ShouldBeRefused(HttpStatusCode.BadRequest, "BodyInvalid");
        (await door.PostTextAsync("/payouts", $"{{\"reference\":\"{new string('x', 17 * 1024)}\"}}", asksFirst: true)).ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, "BodyTooLarge");

        (await door.PostAsync("/payouts", sound, new string('k', 100))).Status.ShouldBe(HttpStatusCode.Accepted);
        (await host.Heard.FirstAsync<DirectPayoutOrdered>(_ => true)).ShouldBe(Direct.Ordered(sound));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_show_at_most_1000_a_page()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite, direct: true);
        using var http = host.Http();
        await using (var unit = await host.Units.BeginAsync(Cancelled))
        {
            unit.Db.Direct.AddRange(Enumerable.Range(0, 1_001).Select(n => DirectPayout.Order(DirectRequest.Read(Direct.Requested($"refund-{n:D4}", n, "1")), unit.Now)));
            await unit.CommitAsync(Cancelled);
        }

        (await PageAsync("")).ShouldBe((100, "refund-0099"));
        (await PageAsync("?limit=5000")).ShouldBe((1_000, "refund-0999"));
        (await PageAsync("?limit=5000&after=refund-0999")).ShouldBe((1, null));

        async Task<(int Count, string? Next)> PageAsync(string query)
        {
            var page = JsonNode.Parse(await http.GetStringAsync("/direct-payouts" + query, Cancelled))!;
            return (page["payouts"]!.AsArray().Count, page["next"]?.GetValue<string>());
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_refused_while_the_switch_is_off()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        using var door = DoorClient.To(host);
        (await door.PostAsync("/payouts", Direct.Requested("refund", 1, "2.5"))).ShouldBeRefused(HttpStatusCode.Conflict, "DirectPayoutsOff");
        (await host.OutboxAsync<DirectPayoutOrdered>()).ShouldBeEmpty();
    }
}
