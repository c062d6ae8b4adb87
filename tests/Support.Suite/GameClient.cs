using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Payouts.Tests.Support;
using RabbitMQ.Client;

namespace Payouts.Tests.Suite;

/// <summary>
/// A game backend in another language would do just this: publish JSON to the exchange of the event, with nothing but a message id.
/// No code of the suite is used.
/// </summary>
public sealed class GameClient : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private GameClient(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <summary>Connects with publisher confirms, as the owner of the virtual host.</summary>
    public static Task<GameClient> ConnectAsync(TestVirtualHost broker, CancellationToken cancellationToken) => ConnectAsync(broker.Url, cancellationToken);

    /// <summary>Connects with publisher confirms, as the user of the URL.</summary>
    public static async Task<GameClient> ConnectAsync(string url, CancellationToken cancellationToken)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(url), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(cancellationToken);
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        return new GameClient(connection, channel);
    }

    /// <summary>Publishes one message; returns when the broker has it in a queue.</summary>
    public Task PublishAsync(string contract, JsonNode message, CancellationToken cancellationToken) =>
        PublishRawAsync(contract, Encoding.UTF8.GetBytes(message.ToJsonString()), Guid.NewGuid().ToString(), cancellationToken);

    /// <summary>Publishes any bytes.</summary>
    public async Task PublishRawAsync(string contract, byte[] body, string? messageId, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties { ContentType = "application/json", MessageId = messageId, Persistent = true };
        await _channel.BasicPublishAsync($"Payouts.Contracts:{contract}", "", mandatory: true, properties, body, cancellationToken);
    }

    /// <summary>Puts a message into one queue, past its exchange: as if its service had come to believe it by itself. The broker's owner can, no user of the services.</summary>
    public async Task PublishToQueueAsync(string queue, string contract, JsonNode message, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties
        {
            ContentType = "application/json", MessageId = Guid.NewGuid().ToString(), Persistent = true,
            Headers = new Dictionary<string, object?> { ["MT-MessageType"] = $"urn:message:Payouts.Contracts:{contract}" },
        };
        await _channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes(message.ToJsonString()), cancellationToken);
    }

    /// <summary>Publishes the opening of a round; <see cref="PlayAsync"/> repeats it with the same message id.</summary>
    public Task OpenAsync(string roundId, uint roundNumber, CancellationToken cancellationToken, string currency = "XLM") => TellAsync(roundId, 0, "GameRoundOpened", new JsonObject
    {
        ["roundId"] = roundId, ["context"] = "test", ["poolId"] = 7, ["roundNumber"] = roundNumber, ["currency"] = currency,
    }, cancellationToken);

    /// <summary>Publishes a whole round in which every player put in 10 and gets his stake back. Played again, it repeats the same messages.</summary>
    public async Task PlayAsync(string roundId, uint roundNumber, IReadOnlyList<string> players, CancellationToken cancellationToken, string currency = "XLM")
    {
        var number = 1;
        await OpenAsync(roundId, roundNumber, cancellationToken, currency);
        foreach (var parcel in players.Chunk(1000))
            await TellAsync(roundId, number++, "GameRoundEntered", new JsonObject
            {
                ["roundId"] = roundId,
                ["entries"] = new JsonArray([.. parcel.Select(player => new JsonObject { ["player"] = player, ["stake"] = "10" })]),
            }, cancellationToken);
        await TellAsync(roundId, number++, "GameRoundClosed", new JsonObject { ["roundId"] = roundId, ["entryCount"] = players.Count }, cancellationToken);
        await TellAsync(roundId, number, "GameRoundDrawn", new JsonObject
        {
            ["roundId"] = roundId,
            ["winners"] = new JsonArray([.. players.Select(player => new JsonObject { ["player"] = player, ["amount"] = "10" })]),
        }, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>The id belongs to the message, not to the attempt: a game that cannot know whether the broker took it sends it again.</summary>
    private Task TellAsync(string roundId, int number, string contract, JsonObject message, CancellationToken cancellationToken) => PublishRawAsync(
        contract, Encoding.UTF8.GetBytes(message.ToJsonString()), new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{roundId}/{number}")).AsSpan(0, 16)).ToString(), cancellationToken);
}
