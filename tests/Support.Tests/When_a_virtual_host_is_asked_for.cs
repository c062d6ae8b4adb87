using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Payouts.Tests.Support.Tests;

public sealed class When_a_virtual_host_is_asked_for(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_be_empty_and_its_own()
    {
        var one = await servers.CreateVirtualHostAsync(cancellationToken: Cancelled);
        var other = await servers.CreateVirtualHostAsync(cancellationToken: Cancelled);
        await DeclareAsync(one, "orders", new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 5 });
        (await one.ListQueuesAsync(Cancelled)).ShouldBe(["orders"]);
        (await other.ListQueuesAsync(Cancelled)).ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_refuse_the_user_of_another_one()
    {
        var one = await servers.CreateVirtualHostAsync(cancellationToken: Cancelled);
        var other = await servers.CreateVirtualHostAsync(cancellationToken: Cancelled);
        var intruder = new ConnectionFactory { Uri = new Uri(one.Url), VirtualHost = other.Name, AutomaticRecoveryEnabled = false };
        // The client hands out the connection before it has read the broker's refusal.
        await using var connection = await intruder.CreateConnectionAsync(Cancelled);
        var refusal = await Should.ThrowAsync<OperationInterruptedException>(() => connection.CreateChannelAsync(cancellationToken: Cancelled));
        refusal.ShutdownReason!.ReplyCode.ShouldBe((ushort)530);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_show_how_a_queue_was_declared()
    {
        var host = await servers.CreateVirtualHostAsync(cancellationToken: Cancelled);
        await DeclareAsync(host, "orders", new() { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 5 });
        var queue = (await host.ReadQueueAsync("orders", Cancelled)).ShouldNotBeNull();
        queue.Type.ShouldBe("quorum");
        queue.Durable.ShouldBeTrue();
        queue.Arguments["x-delivery-limit"].ShouldBe("5");
        (await host.ReadQueueAsync("none", Cancelled)).ShouldBeNull();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_count_messages()
    {
        var host = await servers.CreateVirtualHostAsync(cancellationToken: Cancelled);
        await DeclareAsync(host, "orders", new() { ["x-queue-type"] = "quorum" });
        await PublishAsync(host, "orders", 3);
        (await host.CountReadyAsync("orders", Cancelled)).ShouldBe(3u);
        (await host.CountConsumersAsync("orders", Cancelled)).ShouldBe(0u);
        await Probe.Until("the statistics know all three", token => host.CountAllAsync("orders", token), count => count == 3, cancellationToken: Cancelled);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_hold_a_user_to_its_permissions()
    {
        var host = await servers.CreateVirtualHostAsync(cancellationToken: Cancelled);
        await DeclareAsync(host, "orders", []);
        var url = await host.CreateUserAsync("reader-of-" + host.Name, "a password / with @ signs", new RabbitMqPermissions("^$", "^$", "^orders$"), Cancelled);
        await using var connection = await new ConnectionFactory { Uri = new Uri(url) }.CreateConnectionAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        (await channel.BasicGetAsync("orders", autoAck: true, Cancelled)).ShouldBeNull();
        var refusal = await Should.ThrowAsync<OperationInterruptedException>(() => channel.QueueDeclareAsync("another", cancellationToken: Cancelled));
        refusal.ShutdownReason!.ReplyCode.ShouldBe((ushort)403);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_lose_its_connections_on_demand()
    {
        var host = await servers.CreateVirtualHostAsync(cancellationToken: Cancelled);
        await using var connection = await host.ConnectAsync(Cancelled);
        await Probe.Until("the broker cut the connection", async token => await host.CutConnectionsAsync(token) > 0, cancellationToken: Cancelled);
        await Probe.Until("the client noticed", () => !connection.IsOpen, cancellationToken: Cancelled);
    }

    internal static async Task DeclareAsync(TestVirtualHost host, string queue, Dictionary<string, object?> arguments)
    {
        await using var connection = await host.ConnectAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: Cancelled);
    }

    internal static async Task PublishAsync(TestVirtualHost host, string queue, int count)
    {
        await using var connection = await host.ConnectAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), Cancelled);
        for (var sent = 0; sent < count; sent++)
        {
            await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { Persistent = true }, new byte[] { 1 }, Cancelled);
        }
    }
}
