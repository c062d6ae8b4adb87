using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace Payouts.Tests.Monitoring;

/// <summary>Whoever is paged: takes what Alertmanager posts.</summary>
public sealed class Webhook : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<string> _told = new();
    private readonly Task _listening;

    /// <summary>Listens from now on.</summary>
    public Webhook()
    {
        Address = new Uri(FormattableString.Invariant($"http://127.0.0.1:{FreePort.Next()}/"));
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _listening = ListenAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Name and status of each alert that was told of, in order: "SignerSilent firing".</summary>
    public IReadOnlyList<string> Told => [.. _told];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _listening;
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

            foreach (var alert in (await JsonNode.ParseAsync(call.Request.InputStream))!["alerts"]!.AsArray())
                _told.Enqueue($"{alert!["labels"]!["alertname"]!.GetValue<string>()} {alert["status"]!.GetValue<string>()}");
            call.Response.Close();
        }
    }
}
