using System.Globalization;

namespace Payouts.Tests.Support;

/// <summary>What to start as a service.</summary>
public sealed record ServiceProcessOptions
{
    /// <summary>Path of the service's dll, e.g. from <see cref="RepositoryRoot.AssemblyOf"/>.</summary>
    public required string Assembly { get; init; }

    /// <summary>Arguments after the dll.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Its settings. Of this process's own variables it gets only those that name no setting of the suite.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Path that answers 200 once the service is ready.</summary>
    public string ReadyPath { get; init; } = "/health/ready";

    /// <summary>How long it may take until then.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Hears every line that it prints, in all its runs.</summary>
    public Action<string>? Heard { get; init; }

    /// <summary>How long an orderly stop may take, drain included.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(40);
}

/// <summary>
/// A service as a real process on a loopback port of its own: it can be killed, stopped, frozen and brought back on the same port.
/// It dies with the test process.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly string[] SettingPrefixes =
        ["PAYOUT", "SIGNER_", "LOCAL_SIGNER_", "DATABASE_URL", "RABBITMQ_", "HTTP_API_", "HTTP_JWT_", "HTTP_TLS_", "SOROBAN_", "STELLAR_", "ASPNETCORE_", "DOTNET_ENVIRONMENT", "HTTP_PORTS", "HTTPS_PORTS", "URLS"];

    private readonly ServiceProcessOptions _options;
    private ChildProcess? _process;

    /// <summary>Chooses the port; starts nothing yet.</summary>
    public ServiceProcess(ServiceProcessOptions options)
    {
        _options = options;
        Name = Path.GetFileNameWithoutExtension(options.Assembly);
        Port = FreePort.Next();
        BaseAddress = new Uri(FormattableString.Invariant($"http://127.0.0.1:{Port}/"));
        Http = new HttpClient { BaseAddress = BaseAddress, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Name of its assembly.</summary>
    public string Name { get; }

    /// <summary>Its HTTP port, the same after a restart.</summary>
    public int Port { get; }

    /// <summary>http://127.0.0.1:port/</summary>
    public Uri BaseAddress { get; }

    /// <summary>A client of its HTTP API.</summary>
    public HttpClient Http { get; }

    /// <summary>What it printed last, of this run.</summary>
    public string Output => _process?.Output.ToString() ?? "(not started)";

    /// <summary>Id of the process that runs, or ran last.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException($"{Name} was not started.");

    /// <summary>Whether the process runs, frozen or not.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts the process and returns when it says that it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds its output.</exception>
    /// <exception cref="ProbeTimeoutException">It was not ready in time; the message holds its output.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await LaunchAsync();
        await WaitUntilReadyAsync(cancellationToken);
    }

    /// <summary>Starts the process and returns at once.</summary>
    public async Task LaunchAsync()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException($"{Name} runs already as process {ProcessId}.");
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _process = await ChildProcess.StartAsync(new ChildProcessStart
        {
            File = "dotnet",
            Arguments = [_options.Assembly, .. _options.Arguments],
            Environment = CreateEnvironment(),
            Heard = _options.Heard,
        });
    }

    /// <summary>Waits until <see cref="ServiceProcessOptions.ReadyPath"/> answers 200.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await Probe.Until(
                $"{Name} answers 200 at {_options.ReadyPath}",
                async token => IsRunning ? await ReadStatusAsync(token) : "ended",
                seen => seen is "200" or "ended",
                _options.ReadyWithin,
                cancellationToken: cancellationToken);
        }
        catch (ProbeTimeoutException late)
        {
            throw new ProbeTimeoutException($"{late.Message}\nIts output:\n{Output}", late);
        }

        if (!IsRunning)
        {
            throw new InvalidOperationException($"{Name} ended with code {await _process!.Exited} instead of becoming ready. Its output:\n{Output}");
        }
    }

    /// <summary>Waits until the process ends by itself, e.g. because of a bad setting.</summary>
    /// <returns>Its exit code; 128 plus the signal's number when a signal ended it.</returns>
    public Task<int> WaitForExitAsync(TimeSpan within, CancellationToken cancellationToken = default) => Running.Exited.WaitAsync(within, cancellationToken);

    /// <summary>Ends it as a crash would (SIGKILL).</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) => Running.EndAsync(Signal.Kill, TimeSpan.FromSeconds(10), cancellationToken);

    /// <summary>Asks it to end (SIGTERM) and waits until it has drained.</summary>
    /// <returns>Its exit code; 0 when it ended in order.</returns>
    /// <exception cref="TimeoutException">It did not end in time and was killed; the message holds its output.</exception>
    public Task<int> StopAsync(CancellationToken cancellationToken = default) => Running.EndAsync(Signal.Terminate, _options.StopWithin, cancellationToken);

    /// <summary>Freezes it (SIGSTOP): its connections stay open and nothing moves, as in a long garbage collection.</summary>
    public void Pause() => Running.Send(Signal.Stop);

    /// <summary>Ends a pause (SIGCONT).</summary>
    public void Resume() => Running.Send(Signal.Continue);

    /// <summary>Kills it and starts it again on the same port.</summary>
    public async Task CrashAndRestartAsync(CancellationToken cancellationToken = default)
    {
        await KillAsync(cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <summary>Stops it in order and starts it again on the same port.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private ChildProcess Running => _process ?? throw new InvalidOperationException($"{Name} was not started.");

    private async Task<string> ReadStatusAsync(CancellationToken cancellationToken)
    {
        using var response = await Http.GetAsync(_options.ReadyPath, cancellationToken);
        return ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
    }

    private Dictionary<string, string> CreateEnvironment()
    {
        var variables = ServerEnvironment.Inherited();
        foreach (var name in variables.Keys.Where(IsSetting).ToList())
        {
            variables.Remove(name);
        }

        variables["ASPNETCORE_URLS"] = BaseAddress.ToString().TrimEnd('/');
        variables["MASSTRANSIT_USAGE_TELEMETRY"] = "false";
        foreach (var (name, value) in _options.Environment)
        {
            variables[name] = value;
        }

        return variables;
    }

    private static bool IsSetting(string name) =>
        name != ServerEnvironment.RunVariable && SettingPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
