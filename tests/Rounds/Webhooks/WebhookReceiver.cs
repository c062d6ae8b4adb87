using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Webhooks;

/// <summary>What a receiver got.</summary>
internal sealed record ReceivedWebhook(string Path, string Id, string Timestamp, string Signature, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The event: what stands before the underscore of webhook-id.</summary>
    public string Event => Id.Split('_')[0];

    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}

/// <summary>A game's HTTP server on this host; the test says what it answers.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedWebhook> _received = new();
    private HttpReceiver? _receiver;

    public IReadOnlyList<ReceivedWebhook> Received => [.. _received];

    /// <summary>204 unless the test says otherwise.</summary>
    public Func<ReceivedWebhook, HttpContext, Task> Answer { get; set; } = (_, http) => Status(http, StatusCodes.Status204NoContent);

    public string Url(string path = "/hooks") => new Uri(_receiver!.Address, path).ToString();

    public static async Task<WebhookReceiver> StartAsync(X509Certificate2? certificate = null)
    {
        var receiver = new WebhookReceiver();
        receiver._receiver = await HttpReceiver.StartAsync(receiver.TakeAsync, certificate, TestContext.Current.CancellationToken);
        return receiver;
    }

    public static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _receiver!.DisposeAsync();

    private async Task TakeAsync(HttpContext http, byte[] body)
    {
        string Header(string name) => http.Request.Headers[name].ToString();
        var webhook = new ReceivedWebhook(http.Request.Path, Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), body,
            http.Request.Headers.ToDictionary(x => x.Key.ToLowerInvariant(), x => x.Value.ToString(), StringComparer.Ordinal));
        _received.Enqueue(webhook);
        await Answer(webhook, http);
    }
}
