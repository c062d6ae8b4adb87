namespace Payouts.Hosting.Messaging;

/// <summary>Wakes a background loop at once when this process has made work for it; the loop's own poll covers other processes and restarts.</summary>
public class WakeSignal : IDisposable
{
    private readonly SemaphoreSlim _pending = new(0, 1);

    /// <summary>There is work. Setting it twice before it is taken is one wake-up.</summary>
    public void Set()
    {
        try
        {
            if (_pending.CurrentCount == 0)
                _pending.Release();
        }
        catch (SemaphoreFullException)
        {
            // Two setters raced: the loop is awake already.
        }
    }

    /// <summary>Returns at the next <see cref="Set"/> or after <paramref name="atMost"/>.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _pending.WaitAsync(atMost, cancellationToken);

    /// <inheritdoc />
    public void Dispose()
    {
        _pending.Dispose();
        GC.SuppressFinalize(this);
    }
}
