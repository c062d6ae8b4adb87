using YamlDotNet.RepresentationModel;

namespace Payouts.Tests.Deployment;

/// <summary>Reads single members of objects that the operators' schemas judge as a whole.</summary>
internal static class OperatorFacts
{
    /// <summary>CloudNativePG's clusters.</summary>
    public static IEnumerable<YamlMappingNode> Clusters(Manifests manifests) => OfKind(manifests, "postgresql.cnpg.io/v1", "Cluster");

    public static IEnumerable<YamlMappingNode> OfKind(Manifests manifests, string apiVersion, string kind) =>
        manifests.Of<YamlMappingNode>().Where(item => Text(item, "apiVersion") == apiVersion && Text(item, "kind") == kind);

    public static string? Text(YamlNode node, params string[] path) => (Find(node, path) as YamlScalarNode)?.Value;

    public static IEnumerable<YamlNode> List(YamlNode node, params string[] path) => Find(node, path) as YamlSequenceNode ?? [];

    public static YamlNode? Find(YamlNode node, params string[] path)
    {
        YamlNode? found = node;
        foreach (var name in path)
            found = found is YamlMappingNode map && map.Children.TryGetValue(name, out var child) ? child : null;
        return found;
    }
}
