using System.Net.Http.Json;
using System.Text.Json;
using Payouts.Contracts;
using Payouts.Hosting.DeadLetters;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.DeadLetters;

public sealed class When_a_letter_is_at_its_bounds(Servers servers)
{
    private const string Queue = "sample.cancel-payout";
    private const string Urn = "urn:message:Payouts.Contracts:CancelPayout";
    private const string Pair = "\ud83d\ude00";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A letter that the database refuses would go back to its queue, and round and round for ever.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_be_kept_whatever_a_stranger_wrote_into_it()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Postgres);
        var virtualHost = await servers.CreateVirtualHostAsync("hosting", Cancelled);
        await using var host = await SampleHost.StartAsync(store.Url, virtualHost.Url);
        await using var connection = await virtualHost.ConnectAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var details = new Dictionary<Guid, (string Told, string Kept)>
        {
            [Guid.NewGuid()] = (new string('x', 2000), new string('x', 2000)),
            [Guid.NewGuid()] = (new string('x', 2001), new string('x', 2000)),
            [Guid.NewGuid()] = (new string('x', 1998) + Pair, new string('x', 1998) + Pair),
            [Guid.NewGuid()] = (new string('x', 1999) + Pair, new string('x', 1999)),
            [Guid.NewGuid()] = ("before\0after", "before\ufffdafter"),
        };
        var types = new Dictionary<Guid, (string Told, string Kept)>
        {
            [Guid.NewGuid()] = (new string('t', 500), new string('t', 500)),
            [Guid.NewGuid()] = (new string('t', 501), new string('t', 500)),
            [Guid.NewGuid()] = ("urn:\0", "urn:\ufffd"),
        };

        foreach (var (id, (told, _)) in details)
            await SampleHost.PutAsync(channel, Queue, Json($"refuse:{told}"), Urn, id);
        foreach (var (id, (told, _)) in types)
            await SampleHost.PutAsync(channel, Queue, Json("of a stranger"), told, id);

        var letters = (await Probe.Until("all are kept", async _ => await host.LettersAsync(), found => found.Count >= details.Count + types.Count, TimeSpan.FromSeconds(60)))
            .ToDictionary(x => x.MessageId!.Value);
        foreach (var (id, (_, kept)) in details)
            letters[id].Detail.ShouldBe(kept);
        foreach (var (id, (_, kept)) in types)
            (letters[id].Reason, letters[id].MessageType).ShouldBe(("NotConsumed", kept));
        await Probe.Until("the queue is empty", async token => await virtualHost.CountAllAsync(Queue, token) == 0);
    }

    /// <summary>Bodies may be as large as the broker takes them: a list of 500 must not read them.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_be_listed_up_to_500_at_once_without_their_bodies()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Sqlite);
        await using var host = await SampleHost.StartAsync(store.Url, "inmemory");
        await store.Units.RunAsync(unit =>
        {
            unit.Db.DeadLetters.AddRange(Enumerable.Range(0, 501).Select(n => new DeadLetter
            {
                Id = Guid.CreateVersion7(), Queue = Queue, Body = [1, 2, 3], Reason = "Test", Detail = "of the test", DiedAt = unit.Now.AddSeconds(n),
            }));
            return Task.FromResult(true);
        }, Cancelled);
        using var http = new HttpClient { BaseAddress = new Uri(host.App.Urls.First()) };

        (await ListAsync(http, "?limit=500")).GetArrayLength().ShouldBe(500);
        (await ListAsync(http, "?limit=501")).GetArrayLength().ShouldBe(500);
        (await ListAsync(http, "?limit=0")).GetArrayLength().ShouldBe(1);
        var shown = (await ListAsync(http, "")).EnumerateArray().ToList();
        shown.Count.ShouldBe(50);
        shown[0].GetProperty("bytes").GetInt32().ShouldBe(3);
        shown[0].TryGetProperty("body", out _).ShouldBeFalse();
    }

    private static Task<JsonElement> ListAsync(HttpClient http, string query) => http.GetFromJsonAsync<JsonElement>($"/sample/dead-letters{query}", Cancelled);

    private static string Json(string reason) => JsonSerializer.Serialize(SampleHost.Command(reason), ContractsJson.Options);
}
