using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Payouts.Tests.Monitoring;

/// <summary>Whoever is paged: takes what Alertmanager posts.</summary>
public sealed class Webhook : IAsyncDisposable
{
    private readonly HttpReceiver _receiver;
    private readonly ConcurrentQueue<string> _told;

    private Webhook(HttpReceiver receiver, ConcurrentQueue<string> told) => (_receiver, _told) = (receiver, told);

    /// <summary>Where it listens.</summary>
    public Uri Address => _receiver.Address;

    /// <summary>Name and status of each alert that was told of, in order: "SignerSilent firing".</summary>
    public IReadOnlyList<string> Told => [.. _told];

    /// <summary>Listens from now on.</summary>
    public static async Task<Webhook> StartAsync(CancellationToken cancellationToken)
    {
        var told = new ConcurrentQueue<string>();
        var receiver = await HttpReceiver.StartAsync(
            (_, body) =>
            {
                foreach (var alert in JsonNode.Parse(body)!["alerts"]!.AsArray())
                    told.Enqueue($"{alert!["labels"]!["alertname"]!.GetValue<string>()} {alert["status"]!.GetValue<string>()}");
                return Task.CompletedTask;
            }, cancellationToken: cancellationToken);
        return new Webhook(receiver, told);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _receiver.DisposeAsync();
}
