using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Steps;

/// <summary>A game's HTTP server that takes the webhooks of rounds, and remembers what it was told of which round, in order.</summary>
internal sealed class ToldGame : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Id, string RoundId)> _told = new();
    private readonly Task _listening;

    public ToldGame()
    {
        var address = FormattableString.Invariant($"http://127.0.0.1:{FreePort.Next()}/");
        _listener.Prefixes.Add(address);
        _listener.Start();
        _listening = ListenAsync();
        var secret = "whsec_" + Convert.ToBase64String(new byte[32]);
        File.WriteAllText(EndpointsFile, JsonSerializer.Serialize(new { endpoints = new[] { new { name = "game", url = address, secrets = new[] { secret } } } }));
    }

    /// <summary>For ROUNDS_WEBHOOKS_FILE.</summary>
    public string EndpointsFile { get; } = Path.GetTempFileName();

    /// <summary>The events of a round in the order in which each came first: a webhook may come again, under its id.</summary>
    public IReadOnlyList<string> EventsOf(string roundId) => [.. _told.Where(x => x.RoundId == roundId).Select(x => x.Id).Distinct().Select(id => id.Split('_')[0])];

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _listening;
        File.Delete(EndpointsFile);
    }

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await TakeAsync(await _listener.GetContextAsync());
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                // The game is over, or whoever called died in the middle of it.
            }
        }
    }

    private async Task TakeAsync(HttpListenerContext call)
    {
        using var reader = new StreamReader(call.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        _told.Enqueue((call.Request.Headers["webhook-id"]!, JsonNode.Parse(body)!["roundId"]!.GetValue<string>()));
        call.Response.StatusCode = (int)HttpStatusCode.NoContent;
        call.Response.Close();
    }
}
