using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Payouts.Hosting.Messaging;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Background;

public sealed class When_the_bus_has_lost_the_broker
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Lifetime _lifetime = new();

    [Fact(Timeout = 60_000)]
    public async Task Should_stop_the_process_when_the_broker_can_be_reached()
    {
        using var broker = Listen();
        using var watchdog = await WatchAsync(broker);
        await PassAsync(BrokerWatchdog.LostMax - TimeSpan.FromSeconds(10));
        _lifetime.StopsAsked.ShouldBe(0, "the library has its time to connect");
        await Probe.Until("it gives up", () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            return watchdog.HasGivenUp;
        });
        _lifetime.StopsAsked.ShouldBe(1);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_not_stop_it(bool connected)
    {
        using var broker = Listen();
        using var connection = new TcpClient();
        if (connected)
            await connection.ConnectAsync((IPEndPoint)broker.LocalEndpoint, TestContext.Current.CancellationToken);
        using var watchdog = await WatchAsync(broker);
        if (!connected)
            broker.Stop();
        await PassAsync(BrokerWatchdog.LostMax * 3);
        _lifetime.StopsAsked.ShouldBe(0, connected ? "there is a connection" : "the broker is away");
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private async Task<BrokerWatchdog> WatchAsync(TcpListener broker)
    {
        var address = new Uri($"amqp://127.0.0.1:{((IPEndPoint)broker.LocalEndpoint).Port}/");
        var watchdog = new BrokerWatchdog(address, _lifetime, _clock, NullLogger<BrokerWatchdog>.Instance);
        await watchdog.StartAsync(TestContext.Current.CancellationToken);
        return watchdog;
    }

    /// <summary>The clock moves in the loop's own steps, and each step gets real time to look.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        var until = _clock.GetUtcNow() + time;
        await Probe.Until("the time has passed", () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            return _clock.GetUtcNow() >= until;
        });
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public int StopsAsked { get; private set; }

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => StopsAsked++;
    }
}
