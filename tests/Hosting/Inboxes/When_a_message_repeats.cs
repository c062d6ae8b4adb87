using MassTransit;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Inboxes;

public sealed class When_a_message_repeats(Servers servers)
{
    private const int TimeoutMs = 60_000;

    [Theory(Timeout = TimeoutMs)]
    [InlineData(SampleStore.Sqlite)]
    [InlineData(SampleStore.Postgres)]
    public async Task Should_change_nothing(string database)
    {
        await using var store = await SampleStore.CreateAsync(servers, database);
        await using var host = await SampleHost.StartAsync(store.Url, "inmemory");
        var id = Guid.NewGuid();
        await host.SendAsync(SampleHost.Command("once"), id);
        await Probe.Until("it is handled", async _ => (await host.FactsAsync()).Count == 1);
        for (var i = 0; i < 3; i++)
            await host.SendAsync(SampleHost.Command("again"), id);
        await host.SendAsync(SampleHost.Command("other"));
        await Probe.Until("what came after is handled", async _ => (await host.FactsAsync()).Contains("other"));

        (await host.FactsAsync()).ShouldBe(["once", "other"]);
        (await store.CountAsync("inbox")).ShouldBe(2);
        (await host.LettersAsync()).ShouldBeEmpty();
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(SampleStore.Sqlite)]
    [InlineData(SampleStore.Postgres)]
    public async Task Should_be_found_inside_one_group_too(string database)
    {
        await using var store = await SampleStore.CreateAsync(servers, database);
        await using var host = await SampleHost.StartAsync(store.Url, "inmemory");
        await host.SendAsync(SampleHost.Command("gate"));
        await host.Behaviour.Entered.Task.WaitAsync(TestContext.Current.CancellationToken);
        var id = Guid.NewGuid();
        await using var waiting = new Received(host.Get<IBus>(), count: 4);
        await host.SendAsync(SampleHost.Command("x"), id);
        await host.SendAsync(SampleHost.Command("x"), id);
        await host.SendAsync(SampleHost.Command("y"));
        await host.SendAsync(SampleHost.Command("x"), id);
        await waiting.Task.WaitAsync(TestContext.Current.CancellationToken);
        host.Behaviour.Gate.SetResult();
        await Probe.Until("all are handled", async _ => (await host.FactsAsync()).Contains("y"));

        (await host.FactsAsync()).ShouldBe(["gate", "x", "y"]);
        host.Behaviour.Groups.SelectMany(x => x).Count(x => x == "x").ShouldBe(1);
    }

    /// <summary>Completes when so many messages have reached their consumer.</summary>
    private sealed class Received : IConsumeObserver, IAsyncDisposable
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConnectHandle _handle;
        private int _left;

        public Received(IBus bus, int count) => (_left, _handle) = (count, bus.ConnectConsumeObserver(this));

        public Task Task => _all.Task;

        public Task PreConsume<T>(ConsumeContext<T> context)
            where T : class
        {
            if (Interlocked.Decrement(ref _left) == 0)
                _all.TrySetResult();
            return Task.CompletedTask;
        }

        public Task PostConsume<T>(ConsumeContext<T> context)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            _handle.Disconnect();
            return ValueTask.CompletedTask;
        }
    }
}
