namespace Payouts.Hosting.Background;

/// <summary>
/// The loops of a process begin when all else has started, and make their first steps one after the other. A first step compiles for up to a second what it asks the
/// database: many at once would hold every thread that the start, and the first question whether the service is ready, need.
/// </summary>
public sealed class StartTurns(TimeProvider time)
{
    /// <summary>How long a loop waits for the start: it needs no broker, and a start may wait minutes for one.</summary>
    public static readonly TimeSpan StartMax = TimeSpan.FromSeconds(10);

    /// <summary>How long it then waits for its turn: another one's first step may wait for a network that does not answer.</summary>
    public static readonly TimeSpan TurnMax = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>All else has started.</summary>
    public void Begin() => _started.TrySetResult();

    /// <summary>Waits for the turn; whoever disposes the answer ends it.</summary>
    /// <returns>Null when the turn never came.</returns>
    public async Task<IDisposable?> TakeAsync(CancellationToken cancellationToken)
    {
        await _started.Task.WaitAsync(StartMax, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await _turn.WaitAsync(TurnMax, cancellationToken) ? new Turn(_turn) : null;
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
