using System.Collections.Concurrent;
using System.Net;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd.Replicas;

/// <summary>A game that takes webhooks, whatever they say, and keeps the id of each delivery.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<string> _ids = new();
    private readonly string _file = Path.GetTempFileName();
    private readonly Task _listening;

    public WebhookReceiver()
    {
        var address = FormattableString.Invariant($"http://127.0.0.1:{FreePort.Next()}/");
        File.WriteAllText(_file, $$"""{ "endpoints": [ { "name": "game", "url": "{{address}}", "secrets": ["whsec_{{Convert.ToBase64String(new byte[32])}}"] } ] }""");
        _listener.Prefixes.Add(address);
        _listener.Start();
        _listening = ListenAsync();
    }

    /// <summary>What ROUNDS_WEBHOOKS_FILE names.</summary>
    public string SettingsFile => _file;

    /// <summary>The webhook-id of each delivery, repeats too.</summary>
    public IReadOnlyList<string> Ids => [.. _ids];

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _listening;
        File.Delete(_file);
    }

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ids.Enqueue(call.Request.Headers["webhook-id"] ?? "no id");
            call.Response.StatusCode = 204;
            call.Response.Close();
        }
    }
}
