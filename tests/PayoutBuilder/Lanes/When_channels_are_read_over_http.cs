using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Payouts.Builder.Lanes;
using Payouts.Builder.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Lanes;

public sealed class When_channels_are_read_over_http
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_list_retire_and_take_back()
    {
        var accounts = new[] { Sample.Account("one"), Sample.Account("two"), Sample.Account("three") }.Order(StringComparer.Ordinal).ToList();
        await using var host = await BuilderHost.StartAsync(extra: new Dictionary<string, string?> { ["PAYOUT_CHANNEL_ACCOUNTS"] = string.Join(',', accounts) });
        var listed = await Probe.Until("the channels are in the table", async token => await host.Http.GetFromJsonAsync<JsonElement>("channels", token), page => page.GetArrayLength() == 3);
        listed.EnumerateArray().Select(x => x.GetProperty("account").GetString()).ShouldBe(accounts);
        var first = listed[0];
        (Text(first, "state"), first.GetProperty("openSlots").GetInt32(), first.GetProperty("listed").GetBoolean()).ShouldBe(("Unread", 0, true));
        var rest = await host.Http.GetFromJsonAsync<JsonElement>($"channels?after={accounts[0]}&limit=1", Cancelled);
        rest.EnumerateArray().Select(x => Text(x, "account")).ShouldBe([accounts[1]]);

        var retired = await PostAsync(host, $"channels/{accounts[0]}/retire", new { by = "Ana", reason = "too many" });
        retired.Status.ShouldBe(HttpStatusCode.OK);
        (Text(retired.Body, "state"), Text(retired.Body, "retiredBy"), Text(retired.Body, "retiredReason")).ShouldBe(("Drained", "Ana", "too many"));
        Text(await host.Http.GetFromJsonAsync<JsonElement>($"channels/{accounts[0]}", Cancelled), "state").ShouldBe("Drained");

        (await PostAsync(host, $"channels/{accounts[1]}/retire", new { by = "Ana", reason = "too many" })).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync(host, $"channels/{accounts[2]}/retire", new { by = "Ana", reason = "too many" })).Status.ShouldBe(HttpStatusCode.Conflict, "the last one");
        (await PostAsync(host, $"channels/{accounts[2]}/retire", new { by = "Ana" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(host, "channels/GNOBODY/retire", new { by = "Ana", reason = "too many" })).Status.ShouldBe(HttpStatusCode.NotFound);
        (await host.Http.GetAsync("channels/GNOBODY", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var kept = await PostAsync(host, $"channels/{accounts[0]}/keep", new { by = "Ben", reason = "a mistake", fromLedger = 7 });
        (kept.Status, Text(kept.Body, "state")).ShouldBe((HttpStatusCode.OK, "Unread"));
        kept.Body.TryGetProperty("retiredBy", out var by).ShouldBeFalse(by.ToString());
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_show_at_most_1000_channels()
    {
        await using var host = await BuilderHost.StartAsync();
        await host.ReadAsync(async (db, token) =>
        {
            db.AddRange(Enumerable.Range(0, 1001).Select(number => new Channel { Account = $"G{number:D4}", LastUsedAt = DateTimeOffset.UnixEpoch }));
            return await db.SaveChangesAsync(token);
        });
        foreach (var (limit, shown) in new[] { ("1000", 1000), ("1001", 1000), ("0", 1), ("-1", 1) })
            (await host.Http.GetFromJsonAsync<JsonElement>($"channels?limit={limit}", Cancelled)).GetArrayLength().ShouldBe(shown);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(500, 500, HttpStatusCode.NotFound)]
    [InlineData(501, 1, HttpStatusCode.BadRequest)]
    [InlineData(1, 501, HttpStatusCode.BadRequest)]
    public async Task Should_take_500_characters_of_who_and_why(int by, int reason, HttpStatusCode expected)
    {
        await using var host = await BuilderHost.StartAsync();
        using var answer = await host.Http.PostAsJsonAsync("channels/GNOBODY/retire", new { by = new string('b', by), reason = new string('r', reason) }, Cancelled);
        answer.StatusCode.ShouldBe(expected, "a channel that does not exist is looked for only when the request is right");
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(BuilderHost host, string path, object body)
    {
        using var answer = await host.Http.PostAsJsonAsync(path, body, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
