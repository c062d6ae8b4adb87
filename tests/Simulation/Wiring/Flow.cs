namespace Payouts.Tests.Simulation.Wiring;

/// <summary>Where a flow stands when it gives control back to the scheduler.</summary>
internal enum FlowState
{
    /// <summary>It ended, well or by an exception.</summary>
    Done,

    /// <summary>It waits at a call of the network; it goes on when the scheduler says so.</summary>
    Parked,

    /// <summary>Its process died here: it never goes on.</summary>
    Crashed,
}

/// <summary>
/// One thing that a service does: a message handled, a step of a loop. At any time one flow of a world runs, or none: there is nothing to
/// race with, whichever threads the runtime uses.
/// </summary>
internal sealed class Flow(ServiceProcess process, string name)
{
    private TaskCompletionSource? _parked;
    private TaskCompletionSource<FlowState> _control = Signal();

    public ServiceProcess Process { get; } = process;

    public string Name { get; } = name;

    /// <summary>The flow's own work, once started.</summary>
    public Task Work { get; private set; } = Task.CompletedTask;

    /// <summary>What is to be done when it is over.</summary>
    public Action<Flow>? Ended { get; init; }

    /// <summary>A message under way with it.</summary>
    public (string Queue, QueuedMessage Message)? Delivery { get; init; }

    /// <summary>Runs until it ends, parks or crashes.</summary>
    public Task<FlowState> StartAsync(Func<Task> work)
    {
        Work = work();
        Work.ContinueWith((_, control) => ((TaskCompletionSource<FlowState>)control!).TrySetResult(FlowState.Done), _control,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return _control.Task;
    }

    /// <summary>Goes on from where it was parked, until it ends, parks again or crashes.</summary>
    public Task<FlowState> ResumeAsync()
    {
        _control = Signal();
        var (control, parked) = (_control, _parked!);
        _parked = null;
        Work.ContinueWith((_, own) => ((TaskCompletionSource<FlowState>)own!).TrySetResult(FlowState.Done), control,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        parked.SetResult();
        return control.Task;
    }

    /// <summary>Called inside the flow.</summary>
    public Task ParkAsync()
    {
        var parked = Signal0();
        _parked = parked;
        _control.TrySetResult(FlowState.Parked);
        return parked.Task;
    }

    /// <summary>Called inside the flow: what comes after this never happens, no catch and no finally, as in a process that was killed.</summary>
    public Task DieAsync()
    {
        var never = Signal0();
        _control.TrySetResult(FlowState.Crashed);
        return never.Task;
    }

    private static TaskCompletionSource<FlowState> Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Signal0() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
