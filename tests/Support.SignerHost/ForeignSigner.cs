using System.Text;
using System.Text.Json;
using Payouts.Contracts;
using Payouts.Tests.Support;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Support;

/// <summary>A KMS that knows nothing of this code base: names, properties and bodies as docs/signing.md gives them, over a plain AMQP client.</summary>
internal sealed class ForeignSigner : IAsyncDisposable
{
    private const string Queue = "kms.signing-requested";

    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private ForeignSigner(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<ForeignSigner> ConnectAsync(TestVirtualHost broker)
    {
        var connection = await broker.ConnectAsync(Cancelled);
        var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await channel.ExchangeDeclareAsync("Payouts.Contracts:SigningRequested", ExchangeType.Fanout, durable: true, cancellationToken: Cancelled);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Cancelled);
        await channel.QueueBindAsync(Queue, "Payouts.Contracts:SigningRequested", "", cancellationToken: Cancelled);
        return new ForeignSigner(connection, channel);
    }

    public async Task<SigningRequested> NextAsync()
    {
        var taken = await Probe.Until("a request reaches the signer's queue", token => _channel.BasicGetAsync(Queue, autoAck: true, token), got => got is not null);
        taken!.BasicProperties.ContentType.ShouldBe("application/json");
        Guid.TryParse(taken.BasicProperties.MessageId, out _).ShouldBeTrue();
        return JsonSerializer.Deserialize<SigningRequested>(taken.Body.Span, ContractsJson.Options)!;
    }

    public Task AnswerAsync(string contract, object body, string? messageId) => AnswerAsync(contract, JsonSerializer.Serialize(body, ContractsJson.Options), messageId);

    public async Task AnswerAsync(string contract, string json, string? messageId)
    {
        var properties = new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent };
        if (messageId is not null)
            properties.MessageId = messageId;
        await _channel.BasicPublishAsync($"Payouts.Contracts:{contract}", "", mandatory: true, properties, Encoding.UTF8.GetBytes(json), Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
