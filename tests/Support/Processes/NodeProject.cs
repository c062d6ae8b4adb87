using System.Collections;

namespace Payouts.Tests.Support;

/// <summary>A Node.js program of this repository or of its tests: installed from its lock file once, then run.</summary>
/// <param name="folder">Where its package.json is.</param>
public sealed class NodeProject(string folder)
{
    private static readonly TimeSpan InstallWithin = TimeSpan.FromMinutes(3);
    private static readonly SemaphoreSlim Installing = new(1, 1);

    /// <summary>Installs its packages unless they are there.</summary>
    /// <exception cref="InvalidOperationException">npm ended with an error; its output is in the message.</exception>
    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        await Installing.WaitAsync(cancellationToken);
        try
        {
            var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
            if (!installed.Exists || installed.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
                await ChildProcess.RunAsync(Command("npm", ["ci", "--no-audit", "--no-fund"], []), InstallWithin, cancellationToken);
        }
        finally
        {
            Installing.Release();
        }
    }

    /// <summary>Runs it to its end and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error, or took longer than <paramref name="within"/>; its output is in the message.</exception>
    public Task<string> RunAsync(IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, TimeSpan within, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(Command("node", arguments, environment), within, cancellationToken);

    /// <summary>Starts it; disposing what is returned kills it.</summary>
    public async Task<NodeProcess> StartAsync(IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> environment) =>
        new(await ChildProcess.StartAsync(Command("node", arguments, environment)));

    private ChildProcessStart Command(string program, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var all = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(x => (string)x.Key, x => (string)x.Value!, StringComparer.Ordinal);
        foreach (var (name, value) in environment)
            all[name] = value;
        return new ChildProcessStart { File = program, Arguments = arguments, Environment = all, Folder = folder };
    }
}

/// <summary>A Node.js program that runs.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    internal NodeProcess(ChildProcess process) => _process = process;

    /// <summary>What it printed last.</summary>
    public string Output => _process.Output.ToString();

    /// <summary>Whether it ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Asks it to end (SIGTERM); returns its exit code.</summary>
    public Task<int> StopAsync(TimeSpan within, CancellationToken cancellationToken) => _process.EndAsync(Signal.Terminate, within, cancellationToken);

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public Task<int> KillAsync(TimeSpan within, CancellationToken cancellationToken) => _process.EndAsync(Signal.Kill, within, cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
