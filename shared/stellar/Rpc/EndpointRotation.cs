namespace Payouts.Stellar.Rpc;

/// <summary>Which endpoint is asked next: the first that worked, until it fails. Safe for many callers at once.</summary>
internal sealed class EndpointRotation(IReadOnlyList<Uri> endpoints)
{
    private int _current;

    public int Count => endpoints.Count;

    public (int Index, Uri Endpoint) Current
    {
        get
        {
            var index = Volatile.Read(ref _current);
            return (index, endpoints[index]);
        }
    }

    /// <summary>The endpoints from the current one on, each once.</summary>
    public IEnumerable<(int Index, Uri Endpoint)> InOrder()
    {
        var first = Volatile.Read(ref _current);
        return Enumerable.Range(first, endpoints.Count).Select(i => i % endpoints.Count).Select(i => (i, endpoints[i]));
    }

    /// <summary>Moves on from an endpoint that failed, unless somebody else did so already.</summary>
    public void Failed(int index) => Interlocked.CompareExchange(ref _current, (index + 1) % endpoints.Count, index);
}
