namespace Payouts.Stellar.Rpc;

/// <summary>Where the Soroban RPC is, and the bounds of each call.</summary>
public sealed class SorobanRpcOptions
{
    /// <summary>One or more endpoints of the same network, in order of preference.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>For sendTransaction; the server's own limit is 15 s.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For simulateTransaction; the server's own limit is 15 s.</summary>
    public TimeSpan SimulateTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For getEvents and getTransactions; the server's own limit is 10 s.</summary>
    public TimeSpan ScanTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For every other read; the server's own limit is 5 s.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a read is tried in all, each time at the next endpoint. Sends are tried once at each endpoint.</summary>
    public int ReadAttemptsMax { get; init; } = 3;

    /// <summary>The pause before the second try; it doubles, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A larger answer is refused, in bytes.</summary>
    public long ResponseBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <exception cref="ArgumentException">A value that cannot work; the message names it.</exception>
    internal void Validate()
    {
        if (Endpoints.Count == 0)
        {
            throw new ArgumentException("SorobanRpcOptions.Endpoints is empty: at least one http or https address is required.");
        }

        foreach (var endpoint in Endpoints)
        {
            if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https"))
            {
                throw new ArgumentException("SorobanRpcOptions.Endpoints holds an address that is not an absolute http or https one.");
            }
        }

        if (ReadAttemptsMax < 1 || ResponseBytesMax < 1 || new[] { SendTimeout, SimulateTimeout, ScanTimeout, ReadTimeout }.Any(t => t <= TimeSpan.Zero))
        {
            throw new ArgumentException("SorobanRpcOptions: attempts, bytes and timeouts must be positive.");
        }
    }
}
