using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.Tests.Support;

namespace Payouts.Tests.Suite;

/// <summary>A game's HTTP server that takes the webhooks of rounds, and remembers what it was told of which round, in order.</summary>
public sealed class ToldGame : IAsyncDisposable
{
    private readonly HttpReceiver _receiver;
    private readonly ConcurrentQueue<(string Id, string RoundId)> _told;

    private ToldGame(HttpReceiver receiver, ConcurrentQueue<(string Id, string RoundId)> told)
    {
        (_receiver, _told) = (receiver, told);
        var secret = "whsec_" + Convert.ToBase64String(new byte[32]);
        File.WriteAllText(EndpointsFile, JsonSerializer.Serialize(new { endpoints = new[] { new { name = "game", url = receiver.Address, secrets = new[] { secret } } } }));
    }

    /// <summary>For ROUNDS_WEBHOOKS_FILE.</summary>
    public string EndpointsFile { get; } = Path.GetTempFileName();

    /// <summary>The webhook-id of each delivery, repeats too.</summary>
    public IReadOnlyList<string> Ids => [.. _told.Select(x => x.Id)];

    /// <summary>The events of a round in the order in which each came first: a webhook may come again, under its id.</summary>
    public IReadOnlyList<string> EventsOf(string roundId) => [.. _told.Where(x => x.RoundId == roundId).Select(x => x.Id).Distinct().Select(id => id.Split('_')[0])];

    /// <summary>Listens from now on.</summary>
    public static async Task<ToldGame> StartAsync(CancellationToken cancellationToken)
    {
        var told = new ConcurrentQueue<(string, string)>();
        var receiver = await HttpReceiver.StartAsync(
            (http, body) =>
            {
                told.Enqueue((http.Request.Headers["webhook-id"].ToString(), JsonNode.Parse(body)!["roundId"]!.GetValue<string>()));
                return Task.CompletedTask;
            }, cancellationToken: cancellationToken);
        return new ToldGame(receiver, told);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        File.Delete(EndpointsFile);
    }
}
