using Payouts.Hosting.Steps;

namespace Payouts.Tests.Simulation.Wiring;

/// <summary>
/// One service's messages that are to share a transaction: each flow that brought its message to the inbox waits here, and so does the inbox. The
/// first flow that goes on lets the inbox work, with all of them; the others go on when the scheduler says so, and are acknowledged then.
/// </summary>
internal sealed class GroupGate(Points points) : IGroupGate
{
    private readonly List<Flow> _queued = [];
    private TaskCompletionSource? _gathering;

    /// <summary>The flows whose messages wait for one transaction.</summary>
    public IReadOnlyList<Flow> Queued => _queued;

    /// <summary>From now on messages wait for each other.</summary>
    public void Close()
    {
        _queued.Clear();
        _gathering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>What waits is one group.</summary>
    public void Open()
    {
        var gathering = _gathering;
        _gathering = null;
        gathering?.SetResult();
    }

    /// <inheritdoc />
    public async Task QueuedAsync()
    {
        if (_gathering is null || points.Current is not { } flow)
            return;
        _queued.Add(flow);
        await flow.ParkAsync();
        Open();
    }

    /// <inheritdoc />
    public Task GatherAsync() => _gathering?.Task ?? Task.CompletedTask;
}
