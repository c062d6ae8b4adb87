using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Payouts.Tests.Compose;

/// <summary>One installation of docker-compose.yml under a name of its own: its containers, volumes and images. Disposing it removes them all.</summary>
internal sealed class ComposeProject : IAsyncDisposable
{
    private const int LastLines = 40;
    private static readonly TimeSpan CommandWithin = TimeSpan.FromMinutes(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("payouts-compose-");
    private readonly ConcurrentDictionary<string, Uri> _addresses = new(StringComparer.Ordinal);
    // Almost nothing of this shell's: a variable of a developer's would be one of the compose file's.
    private readonly Dictionary<string, string> _environment = ServerEnvironment.Minimal(Environment.GetEnvironmentVariable("HOME") ?? "/");

    private ComposeProject()
    {
        // NAME='value', as a shell reads it too.
        foreach (var setting in File.ReadLines(HostFile).Select(line => line.Split('=', 2)))
            _environment[setting[0]] = setting[1].Trim('\'');
        Name = string.Create(CultureInfo.InvariantCulture, $"payouts-nightly-{Environment.ProcessId}");
        // Images of its own too: nobody's build of another day is replaced.
        _environment["PAYOUTS_VERSION"] = Name;
        _environment["COMPOSE_PROJECT_NAME"] = Name;
    }

    private static string HostFile => RepositoryRoot.PathOf(".data", "compose", "host.env");

    /// <summary>Also the tag of its images.</summary>
    public string Name { get; }

    /// <summary>The services that are run.</summary>
    public IReadOnlyList<string> Services { get; private set; } = [];

    /// <summary>The services whose root file system must be read-only.</summary>
    public IReadOnlySet<string> ReadOnly { get; private set; } = new HashSet<string>();

    /// <summary>Reads the compose file as Compose does, and gives a free port to whatever wants one that is taken here.</summary>
    public static async Task<ComposeProject> OpenAsync()
    {
        if (!File.Exists(HostFile))
            throw new InvalidOperationException($"{HostFile} is missing: run scripts/compose-host.sh up, or PAYOUTS_TEST_COMPOSE=1 ./test.sh Compose, which does.");
        var project = new ComposeProject();
        var services = (await project.ConfigurationAsync())["services"]!.AsObject();
        project.Services = [.. services.Select(service => service.Key).Order(StringComparer.Ordinal)];
        project.ReadOnly = services.Where(service => service.Value!["read_only"]?.GetValue<bool>() == true).Select(service => service.Key).ToHashSet(StringComparer.Ordinal);
        await project.MoveTakenPortsAsync(services);
        return project;
    }

    /// <summary>docker compose with these arguments.</summary>
    /// <returns>What it printed.</returns>
    public Task<string> ComposeAsync(params string[] arguments) => RunAsync(["compose", .. arguments]);

    /// <summary>docker with these arguments.</summary>
    public Task<string> RunAsync(params string[] arguments) => ChildProcess.RunAsync(Docker(arguments), CommandWithin, TestContext.Current.CancellationToken);

    /// <summary>A docker command that goes on printing.</summary>
    public Task<ChildProcess> StartAsync(Action<string> heard, params string[] arguments) => ChildProcess.StartAsync(Docker(arguments, heard));

    /// <summary>Where a container's port is published on this host; the same for as long as the project lives.</summary>
    public async Task<Uri> AddressOfAsync(string service, int port)
    {
        if (_addresses.TryGetValue(service, out var known))
            return known;
        var published = (await ComposeAsync("port", service, port.ToString(CultureInfo.InvariantCulture))).Trim();
        var address = IPEndPoint.Parse(published);
        address.Address.ShouldBe(IPAddress.Loopback, $"{service} must not be open to the network");
        return _addresses.GetOrAdd(service, new Uri($"http://{address}/"));
    }

    /// <summary>The running container of a service.</summary>
    public async Task<ComposeContainer> ContainerOfAsync(string service)
    {
        var id = (await ComposeAsync("ps", "--quiet", service)).Trim();
        id.ShouldNotBeEmpty($"{service} has no container that runs");
        var parts = (await RunAsync("inspect", "--format", "{{.State.Pid}} {{.State.Health.Status}} {{.RestartCount}} {{.State.OOMKilled}}", id)).Trim().Split(' ');
        return new ComposeContainer(service, int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture), parts[3] == "true");
    }

    /// <summary>What a service's container has printed about libraries that its image does not have.</summary>
    public async Task<IReadOnlyList<string>> MissedLibrariesOfAsync(string service)
    {
        var missed = new ConcurrentQueue<string>();
        await ChildProcess.RunAsync(Docker(["compose", "logs", "--no-color", "--no-log-prefix", service], line =>
        {
            if (line.Contains("cannot open shared object file", StringComparison.Ordinal))
                missed.Enqueue(line);
        }), CommandWithin, TestContext.Current.CancellationToken);
        return [.. missed];
    }

    /// <summary>The last lines of every container's log.</summary>
    public async Task<string> LastLogsAsync()
    {
        var logs = new List<string>();
        foreach (var service in Services)
            logs.Add($"--- {service}\n{await ComposeAsync("logs", "--no-color", "--no-log-prefix", "--tail", LastLines.ToString(CultureInfo.InvariantCulture), service)}");
        return string.Join('\n', logs);
    }

    public async ValueTask DisposeAsync()
    {
        // The test's own token may be what ended it.
        await ChildProcess.RunAsync(Docker(["compose", "down", "--volumes", "--timeout", "10", "--remove-orphans"]), CommandWithin, CancellationToken.None);
        var images = await ChildProcess.RunAsync(Docker(["images", "--quiet", "--filter", $"reference=payouts/*:{Name}"]), CommandWithin, CancellationToken.None);
        if (images.Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } made)
            await ChildProcess.RunAsync(Docker(["rmi", "--force", .. made.Distinct()]), CommandWithin, CancellationToken.None);
        _folder.Delete(recursive: true);
    }

    private ChildProcessStart Docker(string[] arguments, Action<string>? heard = null) =>
        new() { File = "docker", Arguments = arguments, Environment = _environment, Folder = RepositoryRoot.Path, Heard = heard };

    private async Task<JsonNode> ConfigurationAsync()
    {
        var file = Path.Combine(_folder.FullName, "configuration.json");
        await ComposeAsync("config", "--format", "json", "--output", file);
        return JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
    }

    private async Task MoveTakenPortsAsync(JsonObject services)
    {
        var lines = new List<string>();
        foreach (var (service, settings) in services)
        {
            var ports = PortsOf(settings!).ToList();
            if (ports.All(port => FreePort.IsFree(port.Published)))
                continue;
            lines.Add($"  {service}:\n    ports: !override");
            lines.AddRange(ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"      - 127.0.0.1:{(FreePort.IsFree(port.Published) ? port.Published : FreePort.Next())}:{port.Target}")));
        }

        if (lines.Count == 0)
            return;
        var file = Path.Combine(_folder.FullName, "ports.yml");
        await File.WriteAllTextAsync(file, "services:\n" + string.Join('\n', lines) + "\n");
        _environment["COMPOSE_FILE"] = $"{_environment.GetValueOrDefault("COMPOSE_FILE", "docker-compose.yml")}:{file}";
    }

    private static IEnumerable<(int Published, int Target)> PortsOf(JsonNode service) => (service["ports"]?.AsArray() ?? [])
        .Select(port => (int.Parse(port!["published"]!.GetValue<string>(), CultureInfo.InvariantCulture), port["target"]!.GetValue<int>()));
}
