using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Payouts.Tests.Access;

/// <summary>A round's trail names who was known at the door.</summary>
public sealed class When_a_known_caller_plays_a_round
{
    private static readonly TokenIssuer Issuer = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_be_named_in_the_trail_and_share_no_key_with_another()
    {
        using var folder = new Folder();
        await using var door = await Door.OpenAsync(new Dictionary<string, string?>
        {
            ["HTTP_JWT_JWKS_FILE"] = folder.Write("jwks.json", TokenIssuer.KeySet(Issuer)),
            ["HTTP_JWT_ISSUER"] = TokenIssuer.Issuer,
            ["HTTP_JWT_AUDIENCE"] = TokenIssuer.Audience,
        }, [new Payouts.Rounds.RoundsModule()]);
        using var game = door.Client(Issuer.Token(new TokenClaims { Subject = "arena", Roles = new[] { "game" } }));
        using var ana = door.Client(Issuer.Token(new TokenClaims { Subject = "ana", Roles = new[] { "operate" } }));
        using var admin = door.Client(Issuer.Token(new TokenClaims { Subject = "root", Roles = new[] { "admin" } }));
        foreach (var (id, number) in new[] { ("drawn", 1), ("off", 2) })
        {
            (await PostAsync(game, "rounds", new { roundId = id, context = "test", poolId = 1, roundNumber = number, currency = "XLM" }, $"open-{id}")).Status.ShouldBe(HttpStatusCode.Created);
            (await PostAsync(game, $"rounds/{id}/close", new { entryCount = 0 }, $"close-{id}")).Status.ShouldBe(HttpStatusCode.OK);
        }

        // The game's own key, used by somebody else, is another key.
        (await PostAsync(ana, "rounds/off/cancel", new { by = "ben", reason = "not me" }, "open-off")).ShouldBe((HttpStatusCode.Forbidden, "CallerDiffers"));
        (await PostAsync(ana, "rounds/off/cancel", new { reason = "no players" }, "open-off")).Status.ShouldBe(HttpStatusCode.OK);
        var preview = await admin.SendAsync(Request("rounds/drawn/draw?preview=true", new { winners = Array.Empty<object>() }, "preview"), Cancelled);
        var hash = JsonNode.Parse(await preview.Content.ReadAsStringAsync(Cancelled))!["resolutionHash"]!.GetValue<string>();
        (await PostAsync(admin, "rounds/drawn/draw", new { winners = Array.Empty<object>(), resolutionHash = hash }, "draw")).Status.ShouldBe(HttpStatusCode.OK);

        (await ActorsAsync(admin, "drawn")).ShouldBe(["Opened arena", "Closed arena", "Resolved root", "Settled rounds"]);
        (await ActorsAsync(admin, "off")).Take(3).ShouldBe(["Opened arena", "Closed arena", "Cancelled ana"]);
    }

    private static async Task<List<string>> ActorsAsync(HttpClient client, string id) =>
        [.. (await client.GetFromJsonAsync<JsonNode>($"rounds/{id}/trail", Cancelled))!["trail"]!.AsArray().Select(x => $"{x!["action"]} {x["actor"]}")];

    private static async Task<(HttpStatusCode Status, string? Code)> PostAsync(HttpClient client, string path, object body, string key)
    {
        using var answer = await client.SendAsync(Request(path, body, key), Cancelled);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["code"]?.GetValue<string>());
    }

    private static HttpRequestMessage Request(string path, object body, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }
}
