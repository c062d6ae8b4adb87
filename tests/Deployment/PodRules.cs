using k8s.Models;

namespace Payouts.Tests.Deployment;

/// <summary>One rule about a workload: what it demands, and what it finds wrong.</summary>
public sealed record PodRule(string Name, Func<V1Deployment, IEnumerable<string>> FindViolations)
{
    public override string ToString() => Name;
}

/// <summary>The house rules for every Deployment.</summary>
public static class PodRules
{
    private static readonly string[] SecretNames = ["DATABASE_URL", "RABBITMQ_URL", "HTTP_API_KEY", "HTTP_API_KEYS", "HTTP_TLS_KEY", "RABBITMQ_TLS_KEY", "PAYOUT_HOT_SIGNER_SECRET", "PAYOUT_CHANNEL_SECRET"];

    public static readonly PodRule NonRoot = new("non-root", deployment =>
        Pod(deployment).SecurityContext is { RunAsNonRoot: true, RunAsUser: > 0 } && Containers(deployment).All(container => container.SecurityContext?.RunAsUser is null or > 0)
            ? []
            : ["runs as root: securityContext needs runAsNonRoot: true and a runAsUser above 0"]);

    public static readonly PodRule ReadOnlyRoot = new("read-only root", deployment => Containers(deployment)
        .Where(container => container.SecurityContext?.ReadOnlyRootFilesystem != true)
        .Select(container => $"{container.Name} can write its root file system: readOnlyRootFilesystem must be true"));

    public static readonly PodRule NoPrivileges = new("no privileges", deployment => Containers(deployment)
        .Where(container => container.SecurityContext is not { AllowPrivilegeEscalation: false, Privileged: null or false, Capabilities: { Add: null or { Count: 0 }, Drop: ["ALL"] } })
        .Select(container => $"{container.Name} keeps privileges: allowPrivilegeEscalation: false and capabilities.drop: [ALL]"));

    public static readonly PodRule Seccomp = new("seccomp", deployment =>
        Pod(deployment).SecurityContext?.SeccompProfile?.Type == "RuntimeDefault" ? [] : ["has no seccompProfile RuntimeDefault"]);

    public static readonly PodRule Probes = new("probes", deployment => Containers(deployment).SelectMany(container => new[]
    {
        (Kind: "livenessProbe", Probe: container.LivenessProbe, Path: "/health/live"),
        (Kind: "readinessProbe", Probe: container.ReadinessProbe, Path: "/health/ready"),
    }.Where(wanted => wanted.Probe?.HttpGet?.Path != wanted.Path || wanted.Probe.HttpGet.Port?.Value != "http")
     .Select(wanted => $"{container.Name} needs a {wanted.Kind} on {wanted.Path} at the port named http")));

    public static readonly PodRule HttpPort = new("http port", deployment => Containers(deployment)
        .Where(container => container.Ports?.Any(port => port is { Name: "http", ContainerPort: 8080 }) != true)
        .Select(container => $"{container.Name} has no port 8080 named http"));

    public static readonly PodRule Resources = new("resources", deployment => Containers(deployment)
        .Where(container => container.Resources is not { Requests: { } requests, Limits: { } limits }
            || !requests.ContainsKey("cpu") || !requests.ContainsKey("memory") || !limits.ContainsKey("memory"))
        .Select(container => $"{container.Name} needs requests for cpu and memory and a limit for memory"));

    public static readonly PodRule PinnedImage = new("pinned image", deployment => Containers(deployment)
        .Where(container => !ImageNames.IsPinned(container.Image))
        .Select(container => $"{container.Name} runs the image '{container.Image}': name a version, not latest"));

    public static readonly PodRule NoServiceLinks = new("no service links", deployment =>
        Pod(deployment).EnableServiceLinks == false ? [] : ["lets Kubernetes inject PAYOUT_*_PORT variables, at which the services refuse to start: enableServiceLinks: false"]);

    public static readonly PodRule NoApiToken = new("no API token", deployment =>
        Pod(deployment) is { AutomountServiceAccountToken: false, ServiceAccountName: { } account } && account == deployment.Metadata.Name
            ? []
            : ["needs a service account of its own name and automountServiceAccountToken: false"]);

    public static readonly PodRule Drain = new("drain", deployment =>
        Pod(deployment).TerminationGracePeriodSeconds is >= 45 ? [] : ["is killed before a drain of 40 s can end: terminationGracePeriodSeconds must be at least 45"]);

    public static readonly PodRule SecretsFromFiles = new("secrets from files", deployment => Containers(deployment)
        .SelectMany(container => container.Env ?? [])
        .Where(variable => SecretNames.Contains(variable.Name))
        .Select(variable => $"passes {variable.Name} in the environment: mount the secret and set {variable.Name}_FILE"));

    public static readonly IReadOnlyList<PodRule> All =
    [
        NonRoot, ReadOnlyRoot, NoPrivileges, Seccomp, Probes, HttpPort, Resources, PinnedImage, NoServiceLinks, NoApiToken, Drain, SecretsFromFiles,
    ];

    private static V1PodSpec Pod(V1Deployment deployment) => deployment.Spec.Template.Spec;

    private static IEnumerable<V1Container> Containers(V1Deployment deployment) => Pod(deployment).Containers;
}
