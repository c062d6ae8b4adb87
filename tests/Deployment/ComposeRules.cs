namespace Payouts.Tests.Deployment;

/// <summary>One rule about the compose file.</summary>
public sealed record ComposeRule(string Name, Func<ComposeFile, IEnumerable<string>> FindViolations)
{
    public override string ToString() => Name;
}

/// <summary>The house rules for docker-compose.yml.</summary>
public static class ComposeRules
{
    public static readonly ComposeRule PinnedImages = new("pinned images", compose => compose.Services
        .Where(service => !ImageNames.IsPinned(service.Value.Image))
        .Select(service => $"{service.Key} runs '{service.Value.Image}': name a version, not latest"));

    public static readonly ComposeRule Hardened = new("hardened", compose => compose.Services
        .Where(service => service.Key is not ("postgres" or "rabbitmq"))
        .Where(service => service.Value is not { ReadOnly: true, CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges:true"] })
        .Select(service => $"{service.Key} needs read_only, cap_drop: [ALL] and no-new-privileges"));

    public static readonly ComposeRule LoopbackPorts = new("loopback ports", compose => compose.Services
        .SelectMany(service => service.Value.Ports.Where(port => !port.StartsWith("127.0.0.1:", StringComparison.Ordinal)).Select(port => (service.Key, port)))
        .Select(open => $"{open.Key} opens {open.port} to the network: bind it to 127.0.0.1"));

    public static readonly ComposeRule WaitsForHealth = new("waits for health", compose => compose.Services
        .SelectMany(service => service.Value.DependsOn.Select(dependency => (Service: service.Key, On: dependency.Key, dependency.Value.Condition)))
        .Where(dependency => dependency.Condition != "service_healthy" || !compose.Services.ContainsKey(dependency.On))
        .Select(dependency => $"{dependency.Service} must wait for an existing {dependency.On} with condition: service_healthy"));

    public static readonly ComposeRule ServersAreChecked = new("servers are checked", compose => compose.Services
        .Where(service => service.Value.Build is null && service.Value.Healthcheck is not { Test.Count: > 1, Retries: > 0 })
        .Select(service => $"{service.Key} is nobody's image of ours and needs a healthcheck here"));

    public static readonly ComposeRule DrainsBeforeKill = new("drains before kill", compose => Ours(compose)
        .Where(service => service.Value.StopGracePeriod != "45s")
        .Select(service => $"{service.Key} is killed before a drain of 40 s can end: stop_grace_period: 45s"));

    public static readonly ComposeRule NamedVolumesExist = new("named volumes exist", compose => compose.Services
        .SelectMany(service => service.Value.Volumes.Select(volume => (service.Key, Source: volume.Split(':')[0])))
        .Where(mount => mount.Source.StartsWith("./", StringComparison.Ordinal)
            ? !Path.Exists(RepositoryRoot.PathOf(mount.Source[2..]))
            : !compose.Volumes.ContainsKey(mount.Source))
        .Select(mount => $"{mount.Key} mounts {mount.Source}, which does not exist"));

    public static readonly IReadOnlyList<ComposeRule> All =
        [PinnedImages, Hardened, LoopbackPorts, WaitsForHealth, ServersAreChecked, DrainsBeforeKill, NamedVolumesExist];

    private static IEnumerable<KeyValuePair<string, ComposeService>> Ours(ComposeFile compose) => compose.Services.Where(service => service.Value.Build is not null);
}
