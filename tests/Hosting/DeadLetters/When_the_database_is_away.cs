using MassTransit;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.DeadLetters;

public sealed class When_the_database_is_away(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The message is innocent: after its retries it goes back to its queue, and is handled once when the database is there again.</summary>
    [Fact(Timeout = 240_000)]
    public async Task Should_go_back_to_its_queue()
    {
        var postgres = await servers.GetPostgreSqlAsync();
        var database = await servers.CreateDatabaseAsync("hosting", Cancelled);
        await using var proxy = TcpProxy.Start(postgres.Host, postgres.Port);
        await using var store = await SampleStore.OpenAsync(database.Url);
        var virtualHost = await servers.CreateVirtualHostAsync("hosting", Cancelled);
        await using var host = await SampleHost.StartAsync(database.Through(proxy.Port).Url, virtualHost.Url);
        var fates = new Fates();
        var handle = host.Get<IBus>().ConnectReceiveObserver(fates);
        var id = Guid.NewGuid();

        proxy.Set(TcpProxyMode.Refuse);
        await host.SendAsync(SampleHost.Command("innocent"), id);
        await Probe.Until("its tries are used up", () => fates.Faults > 0, TimeSpan.FromSeconds(90));
        (await store.CountAsync("facts")).ShouldBe(0);
        proxy.Set(TcpProxyMode.Forward);

        await Probe.Until("it is handled", async _ => await store.CountAsync("facts") == 1, TimeSpan.FromSeconds(60));
        (await store.CountAsync("dead_letters")).ShouldBe(0);
        await Probe.Until("the queue is empty", async token => await virtualHost.CountAllAsync("sample.cancel-payout", token) == 0);
        (await store.FactsAsync()).ShouldBe(["innocent"]);
        handle.Disconnect();
    }

    private sealed class Fates : IReceiveObserver
    {
        private int _faults;

        public int Faults => Volatile.Read(ref _faults);

        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception)
        {
            Interlocked.Increment(ref _faults);
            return Task.CompletedTask;
        }
    }
}
