using System.Net;
using System.Text;
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
        using var http = host.Http();
        var request = Direct.Requested("refund/1", 1, "2.5");

        var first = await PostAsync(http, request, "key-1");
        var repeat = await PostAsync(http, request, "key-1");
        first.Status.ShouldBe(HttpStatusCode.Accepted, first.Body);
        repeat.ShouldBe(first);
        (await PostAsync(http, request, null)).ShouldBe(first, "the reference is a key as well");
        (await CodeAsync(http, request with { Amount = "3" }, "key-1")).ShouldBe((HttpStatusCode.Conflict, "IdempotencyKeyConflict"));
        (await CodeAsync(http, Direct.Requested("refund/2", 2, "1"), "key-1")).ShouldBe((HttpStatusCode.Conflict, "IdempotencyKeyConflict"));
        (await CodeAsync(http, request with { Reason = "another" }, "key-2")).ShouldBe((HttpStatusCode.Conflict, "ReferenceConflict"));
        (await CodeAsync(http, request with { Reference = "refund/3" }, "key-3")).ShouldBe((HttpStatusCode.Conflict, "DebtOrdered"));

        await host.Heard.FirstAsync<DirectPayoutOrdered>(x => x.Reference == "refund/1");
        host.Heard.Of<DirectPayoutOrdered>(_ => true).ShouldHaveSingleItem().ShouldBe(Direct.Ordered(request));
        var shown = JsonNode.Parse(await http.GetStringAsync("/direct-payouts/refund%2F1", Cancelled))!;
        (shown["outcome"]!.GetValue<string>(), shown["amount"]!.GetValue<string>(), shown["roundId"]!.GetValue<string>()).ShouldBe(("Pending", "2.5000000", "direct:refund/1"));
        JsonNode.Parse(await http.GetStringAsync("/direct-payouts", Cancelled))!["payouts"]!.AsArray().Count.ShouldBe(1);
        (await http.GetAsync("/direct-payouts/nobody's", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_name_what_is_wrong_and_take_the_next()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite, direct: true);
        using var http = host.Http();
        var sound = Direct.Requested("refund", 1, "2.5");
        foreach (var (request, code) in new (DirectPayoutRequested, string)[]
        {
            (sound with { Reference = "" }, "ReferenceInvalid"), (sound with { Context = "a b" }, "SymbolInvalid"), (sound with { Winner = "G" }, "AccountInvalid"),
            (sound with { Amount = "0" }, "AmountInvalid"), (sound with { Currency = "" }, "SymbolInvalid"), (sound with { Reason = "" }, "ReasonInvalid"),
        })
            (await CodeAsync(http, request, null)).ShouldBe((HttpStatusCode.BadRequest, code));
        (await CodeAsync(http, sound, new string('k', 201))).ShouldBe((HttpStatusCode.BadRequest, "IdempotencyKeyInvalid"));
        var json = JsonSerializer.SerializeToNode(sound, ContractsJson.Options)!.AsObject();
        foreach (var member in json.Select(x => x.Key).ToList())
        {
            foreach (var wrong in new JsonNode?[] { null, new JsonArray(1), JsonValue.Create(member is "poolId" or "roundNumber" ? -1 : 1) })
            {
                var body = json.DeepClone().AsObject();
                body[member] = wrong?.DeepClone();
                (await CodeAsync(http, body.ToJsonString())).ShouldBe((HttpStatusCode.BadRequest, "BodyUnreadable"), $"{member} {wrong?.ToJsonString()}");
            }

            var without = json.DeepClone().AsObject();
            without.Remove(member);
            (await CodeAsync(http, without.ToJsonString())).ShouldBe((HttpStatusCode.BadRequest, "BodyUnreadable"), member);
        }

        foreach (var body in new[] { "", "null", "[]", "{", "\"text\"" })
            (await CodeAsync(http, body)).ShouldBe((HttpStatusCode.BadRequest, "BodyUnreadable"), body);
        var large = await PostAsync(http, $"{{\"reference\":\"{new string('x', 17 * 1024)}\"}}", null);
        ((int)large.Status, JsonNode.Parse(large.Body)!["code"]!.GetValue<string>()).ShouldBe((413, "BodyUnreadable"));

        (await PostAsync(http, sound, new string('k', 200))).Status.ShouldBe(HttpStatusCode.Accepted);
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
        using var http = host.Http();
        (await CodeAsync(http, Direct.Requested("refund", 1, "2.5"), null)).ShouldBe((HttpStatusCode.Conflict, "DirectPayoutsOff"));
        (await host.OutboxAsync<DirectPayoutOrdered>()).ShouldBeEmpty();
    }

    private static Task<Answer> PostAsync(HttpClient http, DirectPayoutRequested request, string? key) => PostAsync(http, JsonSerializer.Serialize(request, ContractsJson.Options), key);

    private static async Task<Answer> PostAsync(HttpClient http, string body, string? key)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/payouts") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
            message.Headers.Add("Idempotency-Key", key);
        using var answer = await http.SendAsync(message, Cancelled);
        return new Answer(answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled), answer.Headers.Location?.ToString());
    }

    private static async Task<(HttpStatusCode, string)> CodeAsync(HttpClient http, DirectPayoutRequested request, string? key)
    {
        var answer = await PostAsync(http, request, key);
        return (answer.Status, JsonNode.Parse(answer.Body)!["code"]?.GetValue<string>() ?? answer.Body);
    }

    private static async Task<(HttpStatusCode, string)> CodeAsync(HttpClient http, string body)
    {
        var answer = await PostAsync(http, body, null);
        return (answer.Status, JsonNode.Parse(answer.Body)!["code"]?.GetValue<string>() ?? answer.Body);
    }

    private sealed record Answer(HttpStatusCode Status, string Body, string? Location);
}
