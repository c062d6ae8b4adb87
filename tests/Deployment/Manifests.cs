using k8s;
using k8s.Models;

namespace Payouts.Tests.Deployment;

/// <summary>The Kubernetes objects under k8s/, loaded strictly: unknown, misspelt and doubled keys fail, and so do unknown kinds.</summary>
public sealed class Manifests
{
    public required IReadOnlyList<V1Deployment> Deployments { get; init; }
    public required IReadOnlyList<V1Service> Services { get; init; }
    public required IReadOnlyList<V1ServiceAccount> ServiceAccounts { get; init; }
    public required IReadOnlyList<V1ConfigMap> ConfigMaps { get; init; }
    public required IReadOnlyList<V1NetworkPolicy> NetworkPolicies { get; init; }

    /// <summary>Every manifest file but the kustomizations, which are no objects of the cluster.</summary>
    public static IEnumerable<string> Files() => Directory
        .EnumerateFiles(RepositoryRoot.PathOf("k8s"), "*.yaml", SearchOption.AllDirectories)
        .Where(path => Path.GetFileName(path) != "kustomization.yaml");

    public static Manifests Load()
    {
        var objects = Files().SelectMany(path => Parse(File.ReadAllText(path), path)).ToList();
        return new Manifests
        {
            Deployments = [.. objects.OfType<V1Deployment>()],
            Services = [.. objects.OfType<V1Service>()],
            ServiceAccounts = [.. objects.OfType<V1ServiceAccount>()],
            ConfigMaps = [.. objects.OfType<V1ConfigMap>()],
            NetworkPolicies = [.. objects.OfType<V1NetworkPolicy>()],
        };
    }

    public static List<object> Parse(string text, string source)
    {
        try
        {
            return KubernetesYaml.LoadAllFromString(text, null, strict: true);
        }
        catch (Exception error)
        {
            throw new FormatException($"{source} is not a strict manifest: {error.GetBaseException().Message}", error);
        }
    }
}
