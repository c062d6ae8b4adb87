using System.Text.Json.Nodes;

namespace Payouts.Tests.Support;

/// <summary>A query of a panel of a dashboard.</summary>
public sealed record PanelQuery(string Dashboard, string Panel, string Expression)
{
    /// <summary>With what Grafana would put in, for a window of <paramref name="rateInterval"/>.</summary>
    public string For(string rateInterval) => Expression.Replace("$__rate_interval", rateInterval, StringComparison.Ordinal);

    public override string ToString() => $"{Dashboard}, {Panel}: {Expression}";
}

/// <summary>deploy/grafana/dashboards.</summary>
public static class Dashboards
{
    public static string Folder => RepositoryRoot.PathOf("deploy", "grafana", "dashboards");

    public static IReadOnlyDictionary<string, JsonNode> Load() => Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), path => JsonNode.Parse(File.ReadAllText(path))!, StringComparer.Ordinal);

    public static IEnumerable<JsonNode> PanelsOf(JsonNode dashboard) => dashboard["panels"]!.AsArray().Where(panel => panel!["type"]!.GetValue<string>() != "row").Select(panel => panel!);

    public static IReadOnlyList<PanelQuery> Queries() => [.. Load().SelectMany(dashboard => PanelsOf(dashboard.Value).SelectMany(panel => panel["targets"]!.AsArray()
        .Select(target => new PanelQuery(dashboard.Key, panel["title"]!.GetValue<string>(), target!["expr"]!.GetValue<string>()))))];
}
