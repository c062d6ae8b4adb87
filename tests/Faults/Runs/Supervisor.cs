using System.Collections.Concurrent;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Runs;

/// <summary>Starts again whatever ended, as Kubernetes would, and keeps the exit codes: 137 was killed, 75 had lost its broker.</summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private readonly SuiteProcesses _suite;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _watching;

    public Supervisor(SuiteProcesses suite)
    {
        _suite = suite;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>How often each process ended with which code.</summary>
    public ConcurrentDictionary<(string Process, int Code), int> Ends { get; } = new();

    /// <summary>The last words of processes that ended although nobody killed them, for the report.</summary>
    public ConcurrentQueue<string> LastWords { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching;
        _over.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Look);
        while (!_over.IsCancellationRequested)
        {
            foreach (var (name, process) in _suite.Services)
            {
                if (process.IsRunning)
                    continue;
                var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(10));
                Ends.AddOrUpdate((name, code), 1, (_, before) => before + 1);
                if (code is not (137 or 75))
                    LastWords.Enqueue($"--- {name} ended with code {code}:\n{string.Join('\n', process.Output.Split('\n').TakeLast(12))}");
                await process.LaunchAsync();
            }

            try
            {
                await timer.WaitForNextTickAsync(_over.Token);
            }
            catch (OperationCanceledException)
            {
                return; // the run is over
            }
        }
    }
}
