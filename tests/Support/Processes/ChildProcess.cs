using System.Diagnostics;
using System.Text;

namespace Payouts.Tests.Support;

/// <summary>What to start as a child process.</summary>
internal sealed record ChildProcessStart
{
    public required string File { get; init; }
    public IReadOnlyList<string> Arguments { get; init; } = [];
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The folder that it starts in; null: this process's own.</summary>
    public string? Folder { get; init; }

    /// <summary>Hears every line that it prints, whole.</summary>
    public Action<string>? Heard { get; init; }

    /// <summary>The user to run as; only root can choose one, anybody else runs it as themselves.</summary>
    public string? User { get; init; }
}

/// <summary>A child process that dies with this one, whatever ends it, and whose last output is kept.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly OutputTail _output = new();
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _name;

    private readonly Action<string>? _heard;

    private ChildProcess(Process process, string name, Action<string>? heard)
    {
        (_process, _name, _heard, Id) = (process, name, heard, process.Id);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        // Process.WaitForExitAsync also waits for the end of the output, which a grandchild may hold open.
        process.Exited += (_, _) => _exited.TrySetResult(process.ExitCode);
        process.EnableRaisingEvents = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
    }

    public int Id { get; }
    public OutputTail Output => _output;
    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>The exit code once it has ended; 128 plus the signal's number when a signal ended it.</summary>
    public Task<int> Exited => _exited.Task;

    public static async Task<ChildProcess> StartAsync(ChildProcessStart start)
    {
        var command = WithParentDeathSignal(start);
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            WorkingDirectory = start.Folder ?? "",
        };
        info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        return new ChildProcess(await Spawner.StartAsync(info), Path.GetFileName(start.File), start.Heard);
    }

    /// <summary>Runs a command to its end and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed, or took longer than <paramref name="within"/>.</exception>
    public static async Task<string> RunAsync(ChildProcessStart start, TimeSpan within, CancellationToken cancellationToken = default)
    {
        await using var process = await StartAsync(start);
        int exitCode;
        try
        {
            exitCode = await process.Exited.WaitAsync(within, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"{start.File} did not end within {within.TotalSeconds:0} s.\n{process.Output}");
        }

        await process.OutputEndedAsync();
        return exitCode == 0
            ? process.Output.ToString()
            : throw new InvalidOperationException($"{start.File} {string.Join(' ', start.Arguments)} exited with code {exitCode}.\n{process.Output}");
    }

    public void Send(Signal signal)
    {
        if (!HasExited)
        {
            Signals.Send(Id, signal);
        }
    }

    /// <summary>Sends a signal that should end it and waits for that.</summary>
    /// <exception cref="TimeoutException">It still runs after <paramref name="within"/>; it is killed then.</exception>
    public async Task<int> EndAsync(Signal signal, TimeSpan within, CancellationToken cancellationToken = default)
    {
        Send(signal);
        try
        {
            return await Exited.WaitAsync(within, cancellationToken);
        }
        catch (TimeoutException)
        {
            Send(Signal.Kill);
            throw new TimeoutException($"{_name} still ran {within.TotalSeconds:0} s after {signal}; it was killed. Its output:\n{_output.Last(60)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Send(Signal.Kill);
        await Exited;
        _process.Dispose();
    }

    private async Task OutputEndedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _process.WaitForExitAsync(limit.Token);
    }

    private static string[] WithParentDeathSignal(ChildProcessStart start)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [start.File, .. start.Arguments];
        }

        string[] user = start.User is { } name && Environment.UserName == "root"
            ? [$"--reuid={name}", $"--regid={name}", "--clear-groups"]
            : [];
        return ["setpriv", "--pdeathsig", "KILL", .. user, "--", start.File, .. start.Arguments];
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Add(line);
            _heard?.Invoke(line);
        }
    }
}
