namespace Payouts.Tests.Support;

/// <summary>A server as a child process of the test process.</summary>
internal sealed class LocalServerHost(ChildProcessStart start, Signal stopSignal, IReadOnlyList<IDisposable> ownedResources) : IServerHost
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);
    private ChildProcess? _process;

    public bool HasEnded => _process is { HasExited: true };

    public string Output => _process?.Output.Last(60) ?? "(not started)";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_process is { HasExited: false })
        {
            return;
        }

        await DisposeProcessAsync();
        _process = await ChildProcess.StartAsync(start);
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await EndAsync(stopSignal, cancellationToken);

    public async Task KillAsync(CancellationToken cancellationToken) => await EndAsync(Signal.Kill, cancellationToken);

    public Task PauseAsync(CancellationToken cancellationToken)
    {
        _process?.Send(Signal.Stop);
        return Task.CompletedTask;
    }

    public Task ResumeAsync(CancellationToken cancellationToken)
    {
        _process?.Send(Signal.Continue);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await DisposeProcessAsync();
        foreach (var resource in ownedResources)
        {
            resource.Dispose();
        }
    }

    private async Task EndAsync(Signal signal, CancellationToken cancellationToken)
    {
        if (_process is not null)
        {
            await _process.EndAsync(signal, StopDeadline, cancellationToken);
        }
    }

    private async Task DisposeProcessAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
