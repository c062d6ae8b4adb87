using k8s.Models;

namespace Payouts.Tests.Deployment;

/// <summary>One rule about all objects of an installation together.</summary>
public sealed record ClusterRule(string Name, Func<Manifests, IEnumerable<string>> FindViolations)
{
    public override string ToString() => Name;
}

/// <summary>The house rules for what belongs together: pods and the objects that find them by label and by name.</summary>
public static class ClusterRules
{
    private const string RoleLabel = "payouts/role";

    /// <summary>Where everybody may be reached: TLS, and the API server that operators' pods ask.</summary>
    private static readonly int[] PortsToAnywhere = [443, 6443];

    public static readonly ClusterRule RestrictedNamespaces = new("restricted namespaces", cluster => cluster.Namespaces
        .SelectMany(item => new[] { "enforce", "audit", "warn" }.Select(mode => (item, Label: $"pod-security.kubernetes.io/{mode}")))
        .Where(wanted => wanted.item.Metadata.Labels?.TryGetValue(wanted.Label, out var level) != true || level != "restricted")
        .Select(wanted => $"the namespace {wanted.item.Metadata.Name} needs {wanted.Label}: restricted"));

    /// <summary>Somebody can always be evicted, so that a node can be drained; and where there are several, never all of them.</summary>
    public static readonly ClusterRule DisruptionBudgets = new("disruption budgets", cluster => cluster.Workloads.Where(workload => workload.Source is V1Deployment && workload.Component?.Name != "local-signer").SelectMany(workload =>
    {
        var budgets = cluster.DisruptionBudgets.Where(budget => budget.Metadata.NamespaceProperty == NamespaceOf(workload) && budget.Spec.Selector.MatchLabels is { Count: > 0 } labels && workload.IsSelectedBy(labels)).ToList();
        return budgets is [{ Spec: { MinAvailable: null, MaxUnavailable.Value: "1", UnhealthyPodEvictionPolicy: "AlwaysAllow" } }]
            ? Array.Empty<string>()
            : [$"{workload} needs exactly one PodDisruptionBudget, with maxUnavailable: 1 and unhealthyPodEvictionPolicy: AlwaysAllow"];
    }));

    public static readonly ClusterRule DefaultDeny = new("default deny", cluster => cluster.Workloads.Select(NamespaceOf).Distinct()
        .Where(name => !cluster.NetworkPolicies.Any(policy => policy.Metadata.NamespaceProperty == name && IsDefaultDeny(policy)))
        .Select(name => $"the namespace {name} lets everything through that no policy names: a policy for all pods without any rule"));

    public static readonly ClusterRule EveryPodHasAPolicy = new("every pod has a policy", cluster => cluster.Workloads
        .Where(workload => !cluster.NetworkPolicies.Any(policy => policy.Metadata.NamespaceProperty == NamespaceOf(workload)
            && policy.Spec.PodSelector.MatchLabels is { Count: > 0 } labels && workload.IsSelectedBy(labels) && policy.Spec.PolicyTypes is ["Ingress", "Egress"]))
        .Select(workload => $"no NetworkPolicy names {workload}, so it reaches nobody"));

    public static readonly ClusterRule NothingForEverybody = new("nothing for everybody", cluster => cluster.NetworkPolicies.SelectMany(policy =>
        (policy.Spec.Ingress ?? []).Where(rule => rule.FromProperty is null or { Count: 0 } || rule.Ports is null or { Count: 0 } || rule.FromProperty.Any(IsEverybody)).Select(_ => "in")
        .Concat((policy.Spec.Egress ?? []).Where(rule => rule.To is null or { Count: 0 } || rule.Ports is null or { Count: 0 } || rule.To.Any(peer => IsEverybody(peer) && !IsTlsToOutside(peer, rule.Ports))).Select(_ => "out"))
        .Select(way => $"the policy {policy.Metadata.Name} lets everybody {way}: name peers and ports")));

    /// <summary>A policy that opens a way to pods by their role: somebody has that role, in the same policy's namespace.</summary>
    public static readonly ClusterRule RolesExist = new("roles exist", cluster =>
    {
        var present = cluster.Workloads.Select(workload => workload.Labels.TryGetValue(RoleLabel, out var role) ? role : null)
            .Concat(cluster.Of<RabbitmqCluster>().Select(broker => broker.Metadata.Labels.GetValueOrDefault(RoleLabel)))
            .Concat(OperatorFacts.Clusters(cluster).Select(database => OperatorFacts.Text(database, "spec", "inheritedMetadata", "labels", RoleLabel))).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return new[] { "broker", "database" }.Where(role => !present.Contains(role)).Select(role => $"no pod has the label {RoleLabel}: {role}, by which the policies let the services reach it");
    });

    public static readonly ClusterRule ServicesRoute = new("services route", cluster => cluster.Services.SelectMany(service =>
    {
        var pods = cluster.Workloads.Where(workload => NamespaceOf(workload) == service.Metadata.NamespaceProperty && service.Spec.Selector is { Count: > 0 } && workload.IsSelectedBy(service.Spec.Selector)).ToList();
        return pods is [var one] && service.Spec.Ports.All(port => one.Containers.SelectMany(container => container.Ports).Any(open => open.Name == port.TargetPort.Value))
            ? Array.Empty<string>()
            : [$"the Service {service.Metadata.Name} must select the pods of one workload and name ports that they have"];
    }));

    public static readonly ClusterRule SelectorsMatch = new("selectors match", cluster => cluster.Workloads
        .Where(workload => SelectorOf(workload) is { } selector && (selector.MatchLabels is null or { Count: 0 } || !workload.IsSelectedBy(selector.MatchLabels)))
        .Select(workload => $"{workload} does not select its own pods"));

    public static readonly ClusterRule NamesExist = new("names exist", cluster => cluster.Workloads.SelectMany(workload =>
        workload.Containers.SelectMany(container => (container.EnvFrom ?? []).Select(source => source.ConfigMapRef?.Name).OfType<string>())
            .Concat((workload.Pod.Volumes ?? []).Select(volume => volume.ConfigMap?.Name).OfType<string>())
            .Where(name => cluster.ConfigMaps.All(map => map.Metadata.Name != name)).Select(name => $"{workload} takes settings from {name}, which does not exist")
        .Concat(cluster.ServiceAccounts.Any(account => account.Metadata.Name == workload.Pod.ServiceAccountName && account.AutomountServiceAccountToken == false)
            ? []
            : [$"{workload} runs as {workload.Pod.ServiceAccountName}, which does not exist without a token"])));

    public static readonly ClusterRule ScrapedServices = new("scraped services", cluster => cluster.Workloads.Where(workload => workload.IsOurService && workload.Component?.Name is not ("local-signer" or "signer-worker"))
        .Where(workload => !cluster.Of<ServiceMonitor>().Any(monitor => Scrapes(cluster, monitor, workload)))
        .Select(workload => $"no ServiceMonitor scrapes /metrics of {workload}"));

    public static readonly IReadOnlyList<ClusterRule> All =
        [RestrictedNamespaces, DisruptionBudgets, DefaultDeny, EveryPodHasAPolicy, NothingForEverybody, RolesExist, ServicesRoute, SelectorsMatch, NamesExist, ScrapedServices];

    private static string? NamespaceOf(Workload workload) => ((k8s.IKubernetesObject<V1ObjectMeta>)workload.Source).Metadata.NamespaceProperty;

    private static V1LabelSelector? SelectorOf(Workload workload) => workload.Source switch { V1Deployment deployment => deployment.Spec.Selector, V1StatefulSet set => set.Spec.Selector, _ => null };

    private static bool IsDefaultDeny(V1NetworkPolicy policy) =>
        policy.Spec is { Ingress: null, Egress: null, PolicyTypes: ["Ingress", "Egress"] } && policy.Spec.PodSelector is { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } };

    private static bool IsEverybody(V1NetworkPolicyPeer peer) => peer.IpBlock is { } block
        ? block.Cidr.EndsWith("/0", StringComparison.Ordinal)
        : (peer.NamespaceSelector is null || peer.NamespaceSelector.MatchLabels is null or { Count: 0 }) && (peer.PodSelector is null || peer.PodSelector.MatchLabels is null or { Count: 0 });

    private static bool IsTlsToOutside(V1NetworkPolicyPeer peer, IList<V1NetworkPolicyPort> ports) =>
        peer.IpBlock is not null && ports.All(port => int.TryParse(port.Port?.Value, System.Globalization.CultureInfo.InvariantCulture, out var number) && PortsToAnywhere.Contains(number));

    private static bool Scrapes(Manifests cluster, ServiceMonitor monitor, Workload workload) =>
        monitor.Spec.Endpoints is [{ Path: "/metrics" } endpoint]
        && cluster.Services.Any(service => monitor.Spec.Selector.MatchLabels.All(label => service.Metadata.Labels?.TryGetValue(label.Key, out var value) == true && value == label.Value)
            && (monitor.Spec.NamespaceSelector?.MatchNames ?? [monitor.Metadata.Namespace!]).Contains(service.Metadata.NamespaceProperty)
            && service.Spec.Ports.Any(port => port.Name == endpoint.Port) && workload.IsSelectedBy(service.Spec.Selector));
}
