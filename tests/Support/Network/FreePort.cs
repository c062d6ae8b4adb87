using System.Net;
using System.Net.Sockets;

namespace Payouts.Tests.Support;

/// <summary>Loopback ports that nobody listens on.</summary>
/// <remarks>
/// Taken from below the range that the system hands out for outgoing connections (32768 and up on Linux): a port given back
/// by a stopped server is then not taken by a client before the server starts again on it.
/// </remarks>
public static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;

    // Test processes that run side by side begin at different places, so they seldom try the same port.
    private static int _next = (int)((uint)Environment.ProcessId * 397 % Count);

    /// <summary>A port that was free a moment ago and that this process has not handed out lately.</summary>
    /// <exception cref="InvalidOperationException">None of the 12,000 ports is free.</exception>
    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free loopback port between {First} and {First + Count}.");
    }

    /// <summary>Whether nobody listens on a loopback port now.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
