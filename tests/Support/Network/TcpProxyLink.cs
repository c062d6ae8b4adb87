using System.Net.Sockets;

namespace Payouts.Tests.Support;

/// <summary>One connection through a <see cref="TcpProxy"/>: the client's socket, the server's, and what passes between them.</summary>
internal sealed class TcpProxyLink(TcpProxy proxy, Socket client)
{
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _over = new();

    /// <summary>Carries data until either side ends or the link is reset.</summary>
    public async Task CarryAsync(string host, int port, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, _over.Token);
        try
        {
            client.NoDelay = true;
            await proxy.WaitForGateAsync(ofClient: true, end.Token);
            await _server.ConnectAsync(host, port, end.Token);
            await Task.WhenAll(PassAsync(client, _server, ofClient: true, end), PassAsync(_server, client, ofClient: false, end));
            client.Dispose();
            _server.Dispose();
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Whatever broke one side breaks the other: the proxy adds nothing and hides nothing.
            Reset();
        }
    }

    /// <summary>Ends both sides with a TCP reset.</summary>
    public void Reset()
    {
        try
        {
            _over.Cancel();
        }
        finally
        {
            CloseWithReset(client);
            CloseWithReset(_server);
        }
    }

    private static void CloseWithReset(Socket socket)
    {
        // A lingering time of zero makes the close a reset.
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return; // closed already
        }

        socket.Dispose();
    }

    private async Task PassAsync(Socket from, Socket to, bool ofClient, CancellationTokenSource end)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            int length;
            while ((length = await from.ReceiveAsync(buffer, end.Token)) > 0)
            {
                if (proxy.Latency > TimeSpan.Zero)
                {
                    await Task.Delay(proxy.Latency, end.Token);
                }

                await proxy.WaitForGateAsync(ofClient, end.Token);
                for (var sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), end.Token);
                }
            }

            to.Shutdown(SocketShutdown.Send); // one side is done; the other may still answer
        }
        catch
        {
            // The other direction waits on its own socket and would not notice.
            await end.CancelAsync();
            throw;
        }
    }
}
