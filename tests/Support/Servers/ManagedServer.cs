using System.Diagnostics;

namespace Payouts.Tests.Support;

/// <summary>A real server that tests may stop, kill, freeze and bring back; address and data stay the same throughout.</summary>
public abstract class ManagedServer : IAsyncDisposable
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(90);
    private const int StartsMax = 30;
    private readonly IServerHost _host;

    private protected ManagedServer(IServerHost host) => _host = host;

    /// <summary>The server's last lines of output, for failures.</summary>
    public string Output => _host.Output;

    /// <summary>How it runs, for messages: "PostgreSQL on 127.0.0.1:20001".</summary>
    public abstract string Name { get; }

    /// <summary>Starts it and returns when it serves clients.</summary>
    /// <exception cref="ProbeTimeoutException">It was not ready after 90 s; the message holds its log.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var watch = Stopwatch.StartNew();
        for (var starts = 1; ; starts++)
        {
            await _host.StartAsync(cancellationToken);
            if (await ServesBeforeItEndsAsync(cancellationToken))
            {
                StartTime = watch.Elapsed;
                return;
            }

            if (starts == StartsMax || !IsWorthAnotherStart(Output))
            {
                throw new InvalidOperationException($"{Name} ended by itself while starting. Its output:\n{Output}");
            }
        }
    }

    /// <summary>How long the last start took until the server was ready.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>An orderly shutdown.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <summary>A crash (SIGKILL).</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => _host.KillAsync(cancellationToken);

    /// <summary>An orderly shutdown and a start.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <summary>Freezes it: connections stay open, nothing answers.</summary>
    public Task PauseAsync(CancellationToken cancellationToken = default) => _host.PauseAsync(cancellationToken);

    /// <summary>Ends a pause.</summary>
    public Task ResumeAsync(CancellationToken cancellationToken = default) => _host.ResumeAsync(cancellationToken);

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether a client is served right now; an exception is the reason why not.</summary>
    private protected abstract Task<bool> ServesClientsAsync(CancellationToken cancellationToken);

    /// <summary>Whether a server that ended while starting may do better at once, judged by its output.</summary>
    private protected virtual bool IsWorthAnotherStart(string output) => false;

    private async Task<bool> ServesBeforeItEndsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Probe.Until(
                $"{Name} serves clients",
                async token => _host.HasEnded || await ServesClientsAsync(token),
                done => done,
                ReadyDeadline,
                cancellationToken: cancellationToken);
        }
        catch (ProbeTimeoutException late)
        {
            throw new ProbeTimeoutException($"{late.Message}\nIts output:\n{Output}", late);
        }

        return !_host.HasEnded;
    }
}
