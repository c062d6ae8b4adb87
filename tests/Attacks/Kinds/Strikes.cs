using System.Net;
using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace Payouts.Tests.Attacks;

/// <summary>How an attack is struck, and what its striker and the operators find.</summary>
internal static class Strikes
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Publishes bytes that must end as a dead letter, kept as they came.</summary>
    public static async Task LetterAsync(this Scene scene, string user, string contract, byte[] body, string reason, string queue, Action<BasicProperties>? change = null, bool withId = true)
    {
        var id = Guid.NewGuid();
        var before = (await scene.Host.LettersAsync(Cancelled)).Select(x => x.Id).ToHashSet();
        await (await scene.AsAsync(user)).PublishAsync(contract, body, id, change);
        var letter = (await Probe.Until("a dead letter is kept", async token => (await scene.Host.LettersAsync(token)).Where(x => !before.Contains(x.Id)).ToList(), found => found.Count > 0)).ShouldHaveSingleItem();
        (letter.Reason, letter.Queue, letter.ReplayedAt).ShouldBe((reason, queue, null), letter.Detail);
        letter.Body.ShouldBe(body);
        letter.MessageId.ShouldBe(withId ? id : null);
    }

    /// <summary>Posts as the external signer; it must be told a problem with a code.</summary>
    public static async Task PostAsync(this Scene scene, string path, byte[] body, HttpStatusCode status, string code)
    {
        using var answer = await scene.PostAsync(path, body, scene.Keys["signer"]);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType).ShouldBe((status, "application/problem+json"), text);
        JsonNode.Parse(text)!["code"]!.GetValue<string>().ShouldBe(code);
    }

    /// <summary>Posts as the external signer; it must be told that nothing has changed.</summary>
    public static async Task PostUnchangedAsync(this Scene scene, string path, byte[] body)
    {
        using var answer = await scene.PostAsync(path, body, scene.Keys["signer"]);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["changed"]!.GetValue<bool>().ShouldBeFalse();
    }

    /// <summary>Posts with what is shown at the door.</summary>
    public static async Task<HttpResponseMessage> PostAsync(this Scene scene, string path, byte[] body, string? credential)
    {
        using var client = scene.Client(credential);
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        return await client.PostAsync(path, content, Cancelled);
    }
}
