using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Payouts.Tests.Support.Tests;

public sealed class When_a_proxy_stands_between : IAsyncLifetime
{
    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private TcpProxy _proxy = null!;
    private int _heard;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _echo.Start();
        _ = EchoAsync();
        _proxy = TcpProxy.Start("127.0.0.1", ((IPEndPoint)_echo.LocalEndpoint).Port);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _echo.Dispose();
    }

    [Fact(Timeout = 20_000)]
    public async Task Should_pass_everything_on()
    {
        using var client = await ConnectAsync();
        var sent = new byte[1_000_000];
        new Random(1).NextBytes(sent);
        var sending = client.GetStream().WriteAsync(sent, Cancelled).AsTask();
        var received = new byte[sent.Length];
        await client.GetStream().ReadExactlyAsync(received, Cancelled);
        await sending;
        received.ShouldBe(sent);
    }

    [Fact(Timeout = 20_000)]
    public async Task Should_delay_by_its_latency_in_each_direction()
    {
        using var client = await ConnectAsync();
        (await EchoOnceAsync(client)).ShouldBe("ping");
        _proxy.Latency = TimeSpan.FromMilliseconds(200);
        var watch = Stopwatch.StartNew();
        (await EchoOnceAsync(client)).ShouldBe("ping");
        watch.ElapsedMilliseconds.ShouldBeGreaterThanOrEqualTo(390);
    }

    [Fact(Timeout = 20_000)]
    public async Task Should_hold_what_falls_into_a_black_hole_and_deliver_it_after()
    {
        using var client = await ConnectAsync();
        (await EchoOnceAsync(client)).ShouldBe("ping");
        _proxy.Set(TcpProxyMode.BlackHole);
        var answer = EchoOnceAsync(client);
        await Should.ThrowAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(300), Cancelled));
        using var newcomer = await ConnectAsync();
        var newcomersAnswer = EchoOnceAsync(newcomer);
        _proxy.Set(TcpProxyMode.Forward);
        (await answer).ShouldBe("ping");
        (await newcomersAnswer).ShouldBe("ping");
    }

    [Theory(Timeout = 20_000)]
    [InlineData(TcpProxyMode.HoldRequests, false)]
    [InlineData(TcpProxyMode.HoldReplies, true)]
    public async Task Should_hold_one_direction_only(TcpProxyMode mode, bool serverHears)
    {
        using var client = await ConnectAsync();
        (await EchoOnceAsync(client)).ShouldBe("ping");
        var heard = Volatile.Read(ref _heard);
        _proxy.Set(mode);
        var answer = EchoOnceAsync(client);
        await Should.ThrowAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(300), Cancelled));
        if (serverHears)
            await Probe.Until("the server has heard it", () => Volatile.Read(ref _heard) > heard, cancellationToken: Cancelled);
        else
            Volatile.Read(ref _heard).ShouldBe(heard);
        _proxy.Set(TcpProxyMode.Forward);
        (await answer).ShouldBe("ping");
    }

    [Fact(Timeout = 20_000)]
    public async Task Should_reset_open_and_new_connections()
    {
        using var client = await ConnectAsync();
        (await EchoOnceAsync(client)).ShouldBe("ping");
        _proxy.Set(TcpProxyMode.Reset);
        await ShouldBeResetAsync(() => EchoOnceAsync(client));
        await ShouldBeResetAsync(async () =>
        {
            using var newcomer = await ConnectAsync();
            return await EchoOnceAsync(newcomer);
        });
    }

    [Fact(Timeout = 20_000)]
    public async Task Should_refuse_new_connections_and_be_back_on_the_same_port()
    {
        using var client = await ConnectAsync();
        (await EchoOnceAsync(client)).ShouldBe("ping");
        _proxy.Set(TcpProxyMode.Refuse);
        await ShouldBeResetAsync(() => EchoOnceAsync(client));
        (await Should.ThrowAsync<SocketException>(ConnectAsync)).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
        _proxy.Set(TcpProxyMode.Forward);
        using var newcomer = await ConnectAsync();
        (await EchoOnceAsync(newcomer)).ShouldBe("ping");
        _proxy.AcceptedConnections.ShouldBe(2);
    }

    [Fact(Timeout = 20_000)]
    public async Task Should_cut_open_connections_and_welcome_new_ones()
    {
        using var client = await ConnectAsync();
        (await EchoOnceAsync(client)).ShouldBe("ping");
        _proxy.CutConnections().ShouldBe(1);
        await ShouldBeResetAsync(() => EchoOnceAsync(client));
        using var newcomer = await ConnectAsync();
        (await EchoOnceAsync(newcomer)).ShouldBe("ping");
    }

    [Fact(Timeout = 20_000)]
    public async Task Should_reset_the_client_when_nobody_serves()
    {
        await using var proxy = TcpProxy.Start("127.0.0.1", FreePort.Next());
        using var client = new TcpClient();
        await ShouldBeResetAsync(async () =>
        {
            await client.ConnectAsync(IPAddress.Loopback, proxy.Port, Cancelled);
            return await EchoOnceAsync(client);
        });
    }

    private static async Task ShouldBeResetAsync(Func<Task<string>> action)
    {
        var error = (await Should.ThrowAsync<Exception>(action)).GetBaseException();
        error.ShouldBeOfType<SocketException>().SocketErrorCode.ShouldBeOneOf(SocketError.ConnectionReset, SocketError.Shutdown);
    }

    private static async Task<string> EchoOnceAsync(TcpClient client)
    {
        await client.GetStream().WriteAsync("ping"u8.ToArray(), Cancelled);
        var answer = new byte[4];
        await client.GetStream().ReadExactlyAsync(answer, Cancelled);
        return System.Text.Encoding.ASCII.GetString(answer);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, Cancelled);
        return client;
    }

    private async Task EchoAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _echo.AcceptSocketAsync();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return; // the test is over
            }

            _ = EchoBackAsync(client);
        }
    }

    private async Task EchoBackAsync(Socket client)
    {
        using (client)
        {
            var buffer = new byte[16 * 1024];
            try
            {
                int length;
                while ((length = await client.ReceiveAsync(buffer)) > 0)
                {
                    Interlocked.Add(ref _heard, length);
                    await client.SendAsync(buffer.AsMemory(0, length));
                }
            }
            catch (SocketException)
            {
                return; // the test cut the connection
            }
        }
    }
}
