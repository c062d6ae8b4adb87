using System.Collections.Concurrent;
using System.Globalization;

namespace Payouts.Tests.Compose;

/// <summary>Hears when Docker starts a container, first finds it healthy, by Docker's own clock, and tells it to stop.</summary>
internal sealed class HealthWatch : IAsyncDisposable
{
    private const string Format = "{{.TimeNano}} {{index .Actor.Attributes \"com.docker.compose.service\"}} {{.Action}}";
    private readonly ConcurrentDictionary<string, long> _started = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TimeSpan> _healthyAfter = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _stopped = new(StringComparer.Ordinal);
    private ChildProcess? _events;

    private HealthWatch()
    {
    }

    /// <summary>Listens to a project's containers.</summary>
    public static async Task<HealthWatch> StartAsync(ComposeProject project)
    {
        var watch = new HealthWatch();
        watch._events = await project.StartAsync(
            watch.Hear, "events", "--filter", $"label=com.docker.compose.project={project.Name}", "--filter", "event=start", "--filter", "event=health_status", "--filter", "event=kill", "--format", Format);
        return watch;
    }

    /// <summary>How long each service's container took from its last start to its first healthy answer.</summary>
    public IReadOnlyDictionary<string, TimeSpan> HealthyAfter => _healthyAfter;

    /// <summary>How often a service's container was told to stop.</summary>
    public int StopsOf(string service) => _stopped.GetValueOrDefault(service);

    public ValueTask DisposeAsync() => _events?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Hear(string line)
    {
        var parts = line.Split(' ', 3);
        if (parts.Length != 3 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds))
            return;
        if (parts[2] == "kill")
        {
            _stopped.AddOrUpdate(parts[1], 1, (_, before) => before + 1);
        }
        else if (parts[2] == "start")
        {
            _started[parts[1]] = nanoseconds;
            _healthyAfter.TryRemove(parts[1], out _);
        }
        else if (parts[2] == "health_status: healthy" && _started.TryGetValue(parts[1], out var started))
        {
            _healthyAfter.TryAdd(parts[1], TimeSpan.FromTicks((nanoseconds - started) / TimeSpan.NanosecondsPerTick));
        }
    }
}
