using k8s.Models;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Web;

namespace Payouts.Tests.Deployment;

/// <summary>One rule about a workload: what it demands, and what it finds wrong.</summary>
public sealed record PodRule(string Name, Func<Workload, IEnumerable<string>> FindViolations)
{
    public override string ToString() => Name;
}

/// <summary>The house rules for every pod. What only a service of ours can fulfil is asked of our services.</summary>
public static class PodRules
{
    private static readonly string[] SecretNames =
    [
        "DATABASE_URL", "RABBITMQ_URL", "HTTP_API_KEY", "HTTP_API_KEYS", "HTTP_TLS_KEY", "RABBITMQ_TLS_KEY", "PAYOUT_HOT_SIGNER_SECRET", "PAYOUT_CHANNEL_SECRET", "LOCAL_SIGNER_SECRET",
        "SIGNER_PKCS11_PIN", "SIGNER_VAULT_TOKEN", "POSTGRES_PASSWORD", "SERVICE_PASSWORD",
    ];

    /// <summary>Secrets of authorities: beside the certificate they hold the private key.</summary>
    private static readonly string[] SecretsOfAuthorities = ["broker-tls", "broker-ca", "payouts-db-ca"];

    public static readonly PodRule NonRoot = new("non-root", workload =>
        workload.Pod.SecurityContext is { RunAsNonRoot: true, RunAsUser: > 0 } && workload.Containers.All(container => container.SecurityContext?.RunAsUser is null or > 0)
            ? []
            : ["runs as root: securityContext needs runAsNonRoot: true and a runAsUser above 0"]);

    public static readonly PodRule ReadOnlyRoot = new("read-only root", workload => workload.Containers
        .Where(container => container.SecurityContext?.ReadOnlyRootFilesystem != true)
        .Select(container => $"{container.Name} can write its root file system: readOnlyRootFilesystem must be true"));

    public static readonly PodRule NoPrivileges = new("no privileges", workload => workload.Containers
        .Where(container => container.SecurityContext is not { AllowPrivilegeEscalation: false, Privileged: null or false, Capabilities: { Add: null or { Count: 0 }, Drop: ["ALL"] } })
        .Select(container => $"{container.Name} keeps privileges: allowPrivilegeEscalation: false and capabilities.drop: [ALL]"));

    public static readonly PodRule NoHost = new("nothing of the host", workload =>
        workload.Pod is { HostNetwork: null or false, HostPID: null or false, HostIPC: null or false } && (workload.Pod.Volumes ?? []).All(volume => volume.HostPath is null)
            ? []
            : ["takes part in its node: no hostNetwork, hostPID, hostIPC and hostPath"]);

    public static readonly PodRule Seccomp = new("seccomp", workload =>
        workload.Pod.SecurityContext?.SeccompProfile?.Type == "RuntimeDefault" ? [] : ["has no seccompProfile RuntimeDefault"]);

    /// <summary>Alive: the process answers. Ready: broker and database answer too. A database or a broker away must not kill whoever waits for it.</summary>
    public static readonly PodRule Probes = new("probes", workload => workload.IsJob ? [] : workload.Containers.SelectMany(container => new[]
    {
        (Kind: "startupProbe", Probe: container.StartupProbe, Path: "/health/live"),
        (Kind: "livenessProbe", Probe: container.LivenessProbe, Path: "/health/live"),
        (Kind: "readinessProbe", Probe: container.ReadinessProbe, Path: "/health/ready"),
    }.Where(wanted => workload.IsOurService ? wanted.Probe?.HttpGet?.Path != wanted.Path || wanted.Probe.HttpGet.Port?.Value != "http" : wanted.Probe is null)
     .Select(wanted => $"{container.Name} needs a {wanted.Kind}" + (workload.IsOurService ? $" on {wanted.Path} at the port named http" : ""))));

    /// <summary>A start that waits for the broker answers nothing, and ends by itself saying so: it must not be killed before.</summary>
    public static readonly PodRule Patience = new("patience at the start", workload => !workload.IsOurService ? [] : workload.Containers
        .Where(container => BudgetOf(container.StartupProbe) <= BusRegistration.StartMax)
        .Select(container => $"{container.Name} is killed while it waits for the broker: periodSeconds times failureThreshold of the startupProbe must be above {BusRegistration.StartMax.TotalSeconds} s"));

    public static readonly PodRule HttpPort = new("http port", workload => !workload.IsOurService ? [] : workload.Containers
        .Where(container => container.Ports?.Any(port => port is { Name: "http", ContainerPort: 8080 }) != true)
        .Select(container => $"{container.Name} has no port 8080 named http"));

    public static readonly PodRule Resources = new("resources", workload => workload.Containers
        .Where(container => container.Resources is not { Requests: { } requests, Limits: { } limits }
            || !requests.ContainsKey("cpu") || !requests.ContainsKey("memory") || !limits.ContainsKey("memory"))
        .Select(container => $"{container.Name} needs requests for cpu and memory and a limit for memory"));

    public static readonly PodRule PinnedImage = new("pinned image", workload => workload.Containers
        .Where(container => !ImageNames.IsPinned(container.Image))
        .Select(container => $"{container.Name} runs the image '{container.Image}': name a version, not latest"));

    /// <summary>The image is the one that the component's Dockerfile makes.</summary>
    public static readonly PodRule OwnImage = new("own image", workload => !workload.IsOurService && !workload.IsJob ? [] :
        workload.Component is { } component && (workload.IsJob ? component.Name + "-migration" : component.Name) == workload.Name && File.Exists(RepositoryRoot.PathOf(component.Dockerfile))
            ? []
            : [$"runs '{workload.Containers[0].Image}', which no Dockerfile of {workload.Name} makes"]);

    public static readonly PodRule NoServiceLinks = new("no service links", workload =>
        workload.Pod.EnableServiceLinks == false ? [] : ["lets Kubernetes inject PAYOUT_*_PORT variables, at which the services refuse to start: enableServiceLinks: false"]);

    public static readonly PodRule NoApiToken = new("no API token", workload =>
        workload.Pod is { AutomountServiceAccountToken: false, ServiceAccountName: { } account } && account == workload.Name
            ? []
            : ["needs a service account of its own name and automountServiceAccountToken: false"]);

    public static readonly PodRule Drain = new("drain", workload => !workload.IsOurService ? [] :
        workload.Pod.TerminationGracePeriodSeconds - workload.Containers.Max(LingerOf) >= ServiceHost.DrainMax.TotalSeconds + 5
            ? []
            : [$"is killed before a drain of {ServiceHost.DrainMax.TotalSeconds} s can end: terminationGracePeriodSeconds must be 5 s above that and the preStop's sleep"]);

    public static readonly PodRule RollingUpdate = new("rolling update", workload => workload.Source is not V1Deployment deployment ? [] :
        deployment.Spec.Strategy is { Type: "RollingUpdate", RollingUpdate: { MaxUnavailable.Value: "0", MaxSurge.Value: not "0" } }
            ? []
            : ["may have nobody ready while it is updated: RollingUpdate with maxUnavailable: 0 and a maxSurge"]);

    /// <summary>The Service sends requests to a pod that ends for a moment longer.</summary>
    public static readonly PodRule Lingers = new("lingers", workload => workload.Source is not V1Deployment || workload.Component is { Name: "local-signer" } ? [] : workload.Containers
        .Where(container => LingerOf(container) < 1)
        .Select(container => $"{container.Name} refuses requests that are still sent to it when it ends: preStop with a sleep"));

    public static readonly PodRule Spread = new("spread", workload => workload.Source is not V1Deployment || workload.Component is { Name: "local-signer" } ? [] :
        (workload.Pod.TopologySpreadConstraints ?? []).Any(constraint => constraint is { TopologyKey: "kubernetes.io/hostname", MaxSkew: 1 } && workload.IsSelectedBy(constraint.LabelSelector?.MatchLabels) && constraint.LabelSelector?.MatchLabels.Count > 0)
            ? []
            : ["may have all its pods on one node: topologySpreadConstraints over kubernetes.io/hostname for its own labels"]);

    public static readonly PodRule SecretsFromFiles = new("secrets from files", workload => workload.Containers
        .SelectMany(container => (container.Env ?? []).Where(variable => SecretNames.Contains(variable.Name) || variable.ValueFrom?.SecretKeyRef is not null).Select(variable => variable.Name)
            .Concat((container.EnvFrom ?? []).Where(source => source.SecretRef is not null).Select(source => source.SecretRef.Name)))
        .Select(name => $"passes {name} in the environment: mount the secret and set its ..._FILE"));

    public static readonly PodRule SecretsForItself = new("secrets for itself", workload => (workload.Pod.Volumes ?? [])
        .Where(volume => volume.Secret is { } secret && !SecretsOfAuthorities.Contains(secret.SecretName) && (secret.DefaultMode is not 0x120 || secret.SecretName != workload.Name))
        .Select(volume => $"mounts the secret {volume.Secret.SecretName}: one of its own name, with defaultMode 288 (0440)"));

    public static readonly PodRule NoForeignKeys = new("no private key of an authority", workload => (workload.Pod.Volumes ?? [])
        .Where(volume => SecretsOfAuthorities.Contains(volume.Secret?.SecretName) && volume.Secret!.Items is not [{ Key: "ca.crt" }])
        .Select(volume => $"mounts all of {volume.Secret.SecretName}, the private key too: only the item ca.crt"));

    public static readonly IReadOnlyList<PodRule> All =
    [
        NonRoot, ReadOnlyRoot, NoPrivileges, NoHost, Seccomp, Probes, Patience, HttpPort, Resources, PinnedImage, OwnImage, NoServiceLinks, NoApiToken, Drain, RollingUpdate, Lingers, Spread,
        SecretsFromFiles, SecretsForItself, NoForeignKeys,
    ];

    private static TimeSpan BudgetOf(V1Probe? probe) => TimeSpan.FromSeconds((probe?.PeriodSeconds ?? 0) * (probe?.FailureThreshold ?? 0));

    private static long LingerOf(V1Container container) => container.Lifecycle?.PreStop?.Sleep?.Seconds ?? 0;
}
