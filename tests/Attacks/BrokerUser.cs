using System.Text;
using System.Text.Json;
using Payouts.Contracts;
using RabbitMQ.Client;

namespace Payouts.Tests.Attacks;

/// <summary>One who has a broker user's name and password, and a plain AMQP client.</summary>
internal sealed class BrokerUser : IAsyncDisposable
{
    private readonly IConnection _connection;

    private BrokerUser(IConnection connection) => _connection = connection;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<BrokerUser> ConnectAsync(string url) =>
        new(await new ConnectionFactory { Uri = new Uri(url), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(CancellationToken.None));

    public static byte[] Json(object message) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(message, ContractsJson.Options));

    /// <summary>A channel on which whatever is published is confirmed, or refused.</summary>
    public Task<IChannel> OpenAsync() =>
        _connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancelled);

    /// <summary>Publishes to the contract's exchange; returns when the broker has it in a queue.</summary>
    public async Task PublishAsync(string contract, byte[] body, Guid messageId, Action<BasicProperties>? change = null)
    {
        await using var channel = await OpenAsync();
        var properties = new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent, MessageId = messageId.ToString() };
        change?.Invoke(properties);
        await channel.BasicPublishAsync($"Payouts.Contracts:{contract}", "", mandatory: true, properties, body, Cancelled);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
