using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Payouts.Tests.Support;

/// <summary>What a <see cref="TcpProxy"/> does with traffic.</summary>
public enum TcpProxyMode
{
    /// <summary>Passes everything on, after <see cref="TcpProxy.Latency"/>.</summary>
    Forward,

    /// <summary>Connections open and stay open, but nothing passes: a network that lost its packets. What was sent passes once it forwards again.</summary>
    BlackHole,

    /// <summary>Half open: what clients send is held, what the server sends passes. New connections wait.</summary>
    HoldRequests,

    /// <summary>Half open: what clients send passes and is acted on, what the server sends is held.</summary>
    HoldReplies,

    /// <summary>Every connection, old or new, is reset: a crashed or failed-over peer.</summary>
    Reset,

    /// <summary>Open connections are reset and new ones refused: nobody listens.</summary>
    Refuse,
}

/// <summary>A TCP proxy on a loopback port between a client and a server, for tests that disturb the connection.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly string _targetHost;
    private readonly int _targetPort;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpProxyLink, Task> _links = new();
    private readonly Lock _lock = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private TaskCompletionSource _requests = OpenGate();
    private TaskCompletionSource _replies = OpenGate();
    private int _accepted;

    private TcpProxy(string targetHost, int targetPort) => (_targetHost, _targetPort, Port) = (targetHost, targetPort, FreePort.Next());

    /// <summary>Loopback port that clients connect to; it stays the same in every mode.</summary>
    public int Port { get; }

    /// <summary>What it does now.</summary>
    public TcpProxyMode Mode { get; private set; }

    /// <summary>Delay of each piece of data, in each direction.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => _links.Count;

    /// <summary>Connections accepted so far.</summary>
    public int AcceptedConnections => Volatile.Read(ref _accepted);

    /// <summary>Starts forwarding.</summary>
    public static TcpProxy Start(string targetHost, int targetPort)
    {
        var proxy = new TcpProxy(targetHost, targetPort);
        proxy.Listen();
        return proxy;
    }

    /// <summary>Changes what it does, for open connections as well.</summary>
    public void Set(TcpProxyMode mode)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            Mode = mode;
            Set(ref _requests, open: mode is not (TcpProxyMode.BlackHole or TcpProxyMode.HoldRequests));
            Set(ref _replies, open: mode is not (TcpProxyMode.BlackHole or TcpProxyMode.HoldReplies));

            if (mode == TcpProxyMode.Refuse)
            {
                _listener?.Stop();
                _listener = null;
            }
            else
            {
                Listen();
            }
        }

        if (mode is TcpProxyMode.Reset or TcpProxyMode.Refuse)
        {
            CutConnections();
        }
    }

    /// <summary>Resets all open connections, on both sides; new ones are welcome.</summary>
    /// <returns>How many were cut.</returns>
    public int CutConnections()
    {
        var cut = 0;
        foreach (var link in _links.Keys)
        {
            link.Reset();
            cut++;
        }

        return cut;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _stop.Cancel();
            _listener?.Stop();
            _listener = null;
        }

        CutConnections();
        await _accepting;
        await Task.WhenAll(_links.Values);
        _stop.Dispose();
    }

    /// <summary>Returns when data may pass: that of a client, or that of the server.</summary>
    internal Task WaitForGateAsync(bool ofClient, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return (ofClient ? _requests : _replies).Task.WaitAsync(cancellationToken);
        }
    }

    private static void Set(ref TaskCompletionSource gate, bool open)
    {
        if (open)
        {
            gate.TrySetResult();
        }
        else if (gate.Task.IsCompleted)
        {
            gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static TaskCompletionSource OpenGate()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }

    private void Listen()
    {
        if (_listener is not null)
        {
            return;
        }

        // The port was ours a moment ago; connections that linger on it must not keep it from us.
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        _accepting = AcceptAsync(_listener, _accepting);
    }

    private async Task AcceptAsync(TcpListener listener, Task previous)
    {
        await previous;
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync(_stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return; // stopped listening
            }

            Interlocked.Increment(ref _accepted);
            var link = new TcpProxyLink(this, client);
            if (Mode == TcpProxyMode.Reset)
            {
                link.Reset();
                continue;
            }

            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _links[link] = CarryAsync(link, started.Task);
            started.SetResult();
        }
    }

    private async Task CarryAsync(TcpProxyLink link, Task started)
    {
        await started;
        await link.CarryAsync(_targetHost, _targetPort, _stop.Token);
        _links.TryRemove(link, out _);
    }
}
