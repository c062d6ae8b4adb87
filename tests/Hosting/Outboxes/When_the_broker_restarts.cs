using Payouts.Hosting.Messaging;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Outboxes;

/// <summary>A broker of the test's own goes away while messages are decided, sent and handled.</summary>
public sealed class When_the_broker_restarts(Servers servers)
{
    private const int Batches = 12;
    private const int PerBatch = 25;
    private static readonly TimeSpan QueueIsSaved = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 400_000)]
    public async Task Should_lose_nothing_and_handle_each_message_once()
    {
        await using var broker = await RabbitMqServer.StartNewAsync(cancellationToken: Cancelled);
        var virtualHost = await broker.CreateVirtualHostAsync("restart", Cancelled);
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Postgres);
        var host = await SampleHost.StartAsync(store.Url, virtualHost.Url);
        await using var _ = new AsyncDisposal(() => host.DisposeAsync());
        await Probe.Until("the service consumes", async token => await virtualHost.CountConsumersAsync("sample.cancel-payout", token) == 1);

        // RabbitMQ 3.10 saves the entry of a new quorum queue with a delay; a restart before that tests the broker, not us.
        var declared = TimeProvider.System.GetTimestamp();
        await Probe.Until("the broker has saved its new queue", () => TimeProvider.System.GetElapsedTime(declared) > QueueIsSaved);

        var restart = Task.CompletedTask;
        for (var batch = 0; batch < Batches; batch++)
        {
            if (batch == Batches / 3)
                restart = broker.RestartAsync(Cancelled);
            await host.DecideAsync(Enumerable.Range(0, PerBatch).Select(n => SampleHost.Command($"{batch}-{n}")));
        }

        await restart;
        await Probe.Until(
            "everything is handled",
            async token =>
            {
                // The transport library did not connect again: the process stops itself, and whatever runs it starts it again.
                if (host.Get<BrokerWatchdog>().HasGivenUp)
                {
                    await host.DisposeAsync();
                    host = await SampleHost.StartAsync(store.Url, virtualHost.Url);
                }

                return (Handled: (await host.FactsAsync()).Distinct().Count(), Outbox: await host.OutboxAsync(), Broker: broker.Output);
            },
            seen => seen.Handled == Batches * PerBatch,
            TimeSpan.FromSeconds(200));
        await Probe.Until("the outbox is empty", async _ => await host.OutboxAsync() == 0, TimeSpan.FromSeconds(60));

        (await host.FactsAsync()).Count.ShouldBe(Batches * PerBatch);
        (await host.LettersAsync()).ShouldBeEmpty();
    }

    private sealed class AsyncDisposal(Func<ValueTask> dispose) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => dispose();
    }
}
