using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Payouts.Tests.Compose;

/// <summary>A game backend that knows the published door of rounds and the key of .env.example, and nothing else.</summary>
internal sealed class HttpGame : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly Func<Task<Uri>> _findDoor;

    /// <param name="findDoor">Where rounds is now: a container that was made anew may have another port.</param>
    public HttpGame(Func<Task<Uri>> findDoor)
    {
        _findDoor = findDoor;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KeyOfTheExample());
    }

    /// <summary>Opens, enters, closes and draws a round: everybody of <paramref name="players"/> wins 10.</summary>
    public async Task PlayAsync(string round, uint number, IReadOnlyList<string> players)
    {
        await PostAsync("rounds", new JsonObject { ["roundId"] = round, ["context"] = "nightly", ["poolId"] = 1, ["roundNumber"] = number, ["currency"] = "XLM" });
        await PostAsync($"rounds/{round}/entries", new JsonObject { ["entries"] = Each(players, "stake") });
        await PostAsync($"rounds/{round}/close", new JsonObject { ["entryCount"] = players.Count });
        var draw = new JsonObject { ["winners"] = Each(players, "amount") };
        draw["resolutionHash"] = (await PostAsync($"rounds/{round}/draw?preview=true", draw))["resolutionHash"]!.GetValue<string>();
        await PostAsync($"rounds/{round}/draw", draw);
    }

    /// <summary>The round's state in the service's own word.</summary>
    public async Task<string> StateOfAsync(string round, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(await _findDoor(), $"rounds/{round}"), cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)!["round"]!["state"]!.GetValue<string>() : $"{(int)answer.StatusCode} {text}";
    }

    public void Dispose() => _http.Dispose();

    private static JsonArray Each(IReadOnlyList<string> players, string what) => [.. players.Select(player => new JsonObject { ["player"] = player, [what] = "10" })];

    private static string KeyOfTheExample() => File.ReadLines(RepositoryRoot.PathOf(".env.example")).Single(line => line.StartsWith("#HTTP_API_KEY=", StringComparison.Ordinal)).Split('=')[1];

    private async Task<JsonNode> PostAsync(string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(await _findDoor(), path)) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created);
        return JsonNode.Parse(text)!;
    }
}
