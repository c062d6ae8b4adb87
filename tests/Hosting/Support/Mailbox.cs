using System.Collections.Concurrent;
using Payouts.Tests.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Payouts.Hosting.Tests.Support;

/// <summary>A queue of the test's own, bound to a contract's exchange: every copy that the broker delivers, by message id.</summary>
internal sealed class Mailbox(IConnection connection, IChannel channel) : IAsyncDisposable
{
    private readonly ConcurrentQueue<Guid> _delivered = new();

    /// <summary>The ids of all copies in the order of their arrival.</summary>
    public IReadOnlyList<Guid> Delivered => [.. _delivered];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Declares exchange and queue as a service would, and listens.</summary>
    public static async Task<Mailbox> OpenAsync(TestVirtualHost virtualHost, string contract)
    {
        await DeclareAsync(virtualHost, contract);
        return await ListenAsync(virtualHost, contract);
    }

    /// <summary>Binds a durable queue to the exchange; nobody listens yet.</summary>
    public static async Task DeclareAsync(TestVirtualHost virtualHost, string contract)
    {
        await using var connection = await virtualHost.ConnectAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var exchange = $"Payouts.Contracts:{contract}";
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: Cancelled);
        await channel.QueueDeclareAsync($"mailbox.{contract}", durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Cancelled);
        await channel.QueueBindAsync($"mailbox.{contract}", exchange, "", cancellationToken: Cancelled);
    }

    public static async Task<Mailbox> ListenAsync(TestVirtualHost virtualHost, string contract)
    {
        var connection = await virtualHost.ConnectAsync(Cancelled);
        var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var mailbox = new Mailbox(connection, channel);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            mailbox._delivered.Enqueue(Guid.Parse(delivery.BasicProperties.MessageId!));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync($"mailbox.{contract}", autoAck: true, consumer, Cancelled);
        return mailbox;
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
