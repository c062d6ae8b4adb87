using RabbitMQ.Client.Exceptions;

namespace Payouts.Tests.Support.Tests;

public sealed class When_a_broker_fails
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task Should_come_back_with_what_was_confirmed()
    {
        await using var broker = await RabbitMqServer.StartNewAsync(cancellationToken: Cancelled);
        var host = await broker.CreateVirtualHostAsync(cancellationToken: Cancelled);
        await When_a_virtual_host_is_asked_for.DeclareAsync(host, "orders", new() { ["x-queue-type"] = "quorum" });
        await When_a_virtual_host_is_asked_for.PublishAsync(host, "orders", 1);
        await broker.RestartAsync(Cancelled);
        await ShouldHoldAsync(host, 1);

        await When_a_virtual_host_is_asked_for.PublishAsync(host, "orders", 2);
        await broker.KillAsync(Cancelled);
        await Should.ThrowAsync<BrokerUnreachableException>(() => host.ConnectAsync(Cancelled));
        await broker.StartAsync(Cancelled);
        await ShouldHoldAsync(host, 3);
    }

    // A quorum queue elects its leader a moment after the broker serves clients.
    private static Task<uint> ShouldHoldAsync(TestVirtualHost host, uint messages) =>
        Probe.Until($"the queue holds {messages}", token => host.CountReadyAsync("orders", token), count => count == messages, cancellationToken: Cancelled);
}
