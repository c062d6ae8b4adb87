using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Payouts.Tests.Deployment;

/// <summary>The objects of one or more folders under k8s/ as kustomize builds them, loaded strictly: unknown, misspelt and doubled keys fail, and so do unknown kinds.</summary>
public sealed class Manifests
{
    /// <summary>Of the operators, by the name of their kind. Null: only the operator's schema judges it (ManifestJudge).</summary>
    private static readonly Dictionary<string, Type?> OperatorKinds = new(StringComparer.Ordinal)
    {
        ["rabbitmq.com/v1beta1 RabbitmqCluster"] = typeof(RabbitmqCluster),
        ["rabbitmq.com/v1beta1 User"] = typeof(BrokerUser),
        ["rabbitmq.com/v1beta1 Permission"] = typeof(BrokerPermission),
        ["rabbitmq.com/v1beta1 Exchange"] = typeof(BrokerExchange),
        ["barmancloud.cnpg.io/v1 ObjectStore"] = typeof(ObjectStore),
        ["keda.sh/v1alpha1 ScaledObject"] = typeof(ScaledObject),
        ["monitoring.coreos.com/v1 ServiceMonitor"] = typeof(ServiceMonitor),
        ["keda.sh/v1alpha1 TriggerAuthentication"] = null,
        ["monitoring.coreos.com/v1 PrometheusRule"] = null,
        ["postgresql.cnpg.io/v1 Cluster"] = null,
        ["postgresql.cnpg.io/v1 Database"] = null,
        ["postgresql.cnpg.io/v1 ScheduledBackup"] = null,
        ["cert-manager.io/v1 Issuer"] = null,
        ["cert-manager.io/v1 Certificate"] = null,
    };

    private readonly List<object> _objects;

    private Manifests(List<object> objects) => _objects = objects;

    /// <summary>The folders that are installed as they are.</summary>
    public static readonly IReadOnlyList<string> Installed = ["namespace", "overlays/dev", "overlays/prod", "overlays/prod/servers", "overlays/prod/migrations", "signer-worker"];

    public IReadOnlyList<V1Deployment> Deployments => Of<V1Deployment>();
    public IReadOnlyList<V1StatefulSet> StatefulSets => Of<V1StatefulSet>();
    public IReadOnlyList<V1Job> Jobs => Of<V1Job>();
    public IReadOnlyList<V1Service> Services => Of<V1Service>();
    public IReadOnlyList<V1ServiceAccount> ServiceAccounts => Of<V1ServiceAccount>();
    public IReadOnlyList<V1ConfigMap> ConfigMaps => Of<V1ConfigMap>();
    public IReadOnlyList<V1Secret> Secrets => Of<V1Secret>();
    public IReadOnlyList<V1Namespace> Namespaces => Of<V1Namespace>();
    public IReadOnlyList<V1NetworkPolicy> NetworkPolicies => Of<V1NetworkPolicy>();
    public IReadOnlyList<V1PodDisruptionBudget> DisruptionBudgets => Of<V1PodDisruptionBudget>();

    public IReadOnlyList<T> Of<T>() => [.. _objects.OfType<T>()];

    /// <summary>Whatever makes pods.</summary>
    public IReadOnlyList<Workload> Workloads => [.. _objects.Select(Workload.Of).OfType<Workload>()];

    public void Add(object item) => _objects.Add(item);

    public void Remove(object item) => _objects.Remove(item).ShouldBeTrue();

    /// <summary>What four services and the worker share in every installation.</summary>
    public static Manifests Load() => Build("base", "signer-worker", "namespace");

    /// <summary>A production: services, servers and migrations.</summary>
    public static Manifests Production() => Build("namespace", "overlays/prod", "overlays/prod/servers", "overlays/prod/migrations");

    public static Manifests Build(params string[] folders) => new([.. folders.SelectMany(folder => Parse(Kustomize.Build(folder), folder))]);

    public static List<object> Parse(string text, string source)
    {
        try
        {
            return [.. Documents(text).SelectMany(Load)];
        }
        catch (Exception error)
        {
            throw new FormatException($"{source} is not a strict manifest: {error.GetBaseException().Message}", error);
        }
    }

    private static List<object> Load(string document)
    {
        var header = Lenient.Deserialize<Dictionary<string, object>>(document);
        if (!OperatorKinds.TryGetValue($"{header["apiVersion"]} {header["kind"]}", out var type))
            return KubernetesYaml.LoadAllFromString(document, null, strict: true);
        return [type is null ? ReadNode(document) : Strict.Deserialize(document, type)!];
    }

    private static YamlMappingNode ReadNode(string document)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(document));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    private static IEnumerable<string> Documents(string text) => text.Split("\n---\n").Select(document => document.StartsWith("---\n", StringComparison.Ordinal) ? document[4..] : document).Where(document => document.Trim().Length > 0);

    private static IDeserializer Lenient { get; } = new DeserializerBuilder().Build();

    private static IDeserializer Strict { get; } =
        new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).WithDuplicateKeyChecking().WithEnforceRequiredMembers().Build();
}
