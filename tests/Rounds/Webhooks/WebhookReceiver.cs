using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

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
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedWebhook> _received = new();

    private WebhookReceiver(WebApplication app) => _app = app;

    public IReadOnlyList<ReceivedWebhook> Received => [.. _received];

    /// <summary>204 unless the test says otherwise.</summary>
    public Func<ReceivedWebhook, HttpContext, Task> Answer { get; set; } = (_, http) => Status(http, StatusCodes.Status204NoContent);

    public string Url(string path = "/hooks") => _app.Urls.First() + path;

    public static async Task<WebhookReceiver> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        string Header(string name) => http.Request.Headers[name].ToString();
        var webhook = new ReceivedWebhook(http.Request.Path, Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), body.ToArray(),
            http.Request.Headers.ToDictionary(x => x.Key.ToLowerInvariant(), x => x.Value.ToString(), StringComparer.Ordinal));
        _received.Enqueue(webhook);
        await Answer(webhook, http);
    }
}
