using System.Text.Json.Nodes;
using Payouts.Tests.Support;
using RabbitMQ.Client;

namespace Payouts.Tests.EndToEnd.Replicas;

/// <summary>A queue of an administrator's that gets a copy of all that is published of some contracts.</summary>
internal sealed class Published(TestVirtualHost broker)
{
    private const string Queue = "published";

    /// <summary>Begins to keep copies.</summary>
    public static async Task<Published> KeepAsync(TestVirtualHost broker, IEnumerable<string> contracts, CancellationToken cancellationToken)
    {
        await using var connection = await broker.ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
        foreach (var contract in contracts)
            await channel.QueueBindAsync(Queue, $"Payouts.Contracts:{contract}", "", cancellationToken: cancellationToken);
        return new Published(broker);
    }

    /// <summary>Takes the copies: contract and body.</summary>
    public async Task<IReadOnlyList<(string Contract, JsonNode Body)>> TakeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await broker.ConnectAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var messages = new List<(string, JsonNode)>();
        while (await channel.BasicGetAsync(Queue, autoAck: true, cancellationToken) is { } taken)
            messages.Add((taken.Exchange.Split(':')[^1], JsonNode.Parse(taken.Body.Span)!));
        return messages;
    }
}
