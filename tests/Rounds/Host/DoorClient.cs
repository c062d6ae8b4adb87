using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.Contracts;

namespace Payouts.Rounds.Tests.Host;

/// <summary>A game backend that calls the doors.</summary>
internal sealed class DoorClient(HttpClient http) : IDisposable
{
    private int _keys;

    public HttpClient Http => http;

    public static DoorClient To(RoundsHost host) => new(host.Http());

    /// <summary>A key that this client has not used.</summary>
    public string NewKey() => $"key-{Interlocked.Increment(ref _keys)}";

    /// <summary>Posts text under a new key, or the given one; an empty key is no header. One that asks first sends the body when it is told to go on.</summary>
    public async Task<DoorReply> PostTextAsync(string path, string body, string? key = null, bool asksFirst = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = asksFirst;
        key ??= NewKey();
        if (key.Length > 0)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key).ShouldBeTrue();
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await DoorReply.OfAsync(answer);
    }

    public Task<DoorReply> PostAsync(string path, object body, string? key = null) => PostTextAsync(path, JsonSerializer.Serialize(body, ContractsJson.Options), key);

    public async Task<DoorReply> GetAsync(string path)
    {
        using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        return await DoorReply.OfAsync(answer);
    }

    /// <summary>Opens, enters and closes a round with stakes of 1, 2, 3...</summary>
    public async Task<string> CloseRoundAsync(int players)
    {
        var opened = Game.Opened();
        var id = opened.RoundId;
        (await PostAsync("/rounds", opened)).Status.ShouldBe(HttpStatusCode.Created);
        (await PostAsync($"/rounds/{id}/entries", Game.Entered(id, 1, [.. Enumerable.Range(1, players).Select(x => $"{x}")]))).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync($"/rounds/{id}/close", Game.Closed(id, players))).Status.ShouldBe(HttpStatusCode.OK);
        return id;
    }

    /// <summary>The draw with the hash of its preview.</summary>
    public async Task<JsonObject> PreviewedAsync(GameRoundDrawn draw)
    {
        var preview = await PostAsync($"/rounds/{draw.RoundId}/draw?preview=true", draw);
        preview.Status.ShouldBe(HttpStatusCode.OK, preview.Text);
        var body = JsonSerializer.SerializeToNode(draw, ContractsJson.Options)!.AsObject();
        body["resolutionHash"] = preview.Json.GetProperty("resolutionHash").GetString();
        return body;
    }

    public void Dispose() => http.Dispose();
}

/// <summary>An answer, read.</summary>
internal sealed record DoorReply(HttpStatusCode Status, string Text, string? MediaType, Uri? Location)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string? State => Json.GetProperty("round").GetProperty("state").GetString();

    public void ShouldBeRefused(HttpStatusCode status, string code)
    {
        (Status, MediaType).ShouldBe((status, "application/problem+json"), Text);
        Code.ShouldBe(code, Text);
        Json.GetProperty("problems").GetArrayLength().ShouldBeGreaterThan(0);
    }

    public static async Task<DoorReply> OfAsync(HttpResponseMessage answer) => new(
        answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer.Content.Headers.ContentType?.MediaType, answer.Headers.Location);
}
