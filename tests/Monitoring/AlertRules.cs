using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Payouts.Tests.Monitoring;

/// <summary>The files of deploy/prometheus, read so that a misspelt key fails.</summary>
internal static class AlertRules
{
    public static IReadOnlyList<string> Files => RuleFiles.All;

    public static IReadOnlyList<string> TestFiles => [.. Directory.EnumerateFiles(RepositoryRoot.PathOf("deploy", "prometheus", "tests"), "*.yml").Order(StringComparer.Ordinal)];

    public static IReadOnlyList<AlertRule> Load() => [.. Files.SelectMany(file => Read<RuleFile>(File.ReadAllText(file)).Groups).SelectMany(group => group.Rules)];

    public static IReadOnlyList<AlertTest> LoadTests() => [.. TestFiles.SelectMany(file => Read<TestFile>(File.ReadAllText(file)).Tests).SelectMany(test => test.AlertRuleTest)];

    public static T Read<T>(string yaml) => new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build().Deserialize<T>(yaml);
}

internal sealed class RuleFile
{
    public List<RuleGroup> Groups { get; set; } = [];
}

internal sealed class RuleGroup
{
    public string Name { get; set; } = "";
    public List<AlertRule> Rules { get; set; } = [];
}

internal sealed class AlertRule
{
    public string Alert { get; set; } = "";
    public string Expr { get; set; } = "";
    public string? For { get; set; }
    public Dictionary<string, string> Labels { get; set; } = [];
    public Dictionary<string, string> Annotations { get; set; } = [];
}

internal sealed class TestFile
{
    public List<string> RuleFiles { get; set; } = [];
    public string EvaluationInterval { get; set; } = "";
    public List<RuleTest> Tests { get; set; } = [];
}

internal sealed class RuleTest
{
    public string Name { get; set; } = "";
    public string Interval { get; set; } = "";
    public List<Dictionary<string, string>> InputSeries { get; set; } = [];
    public List<AlertTest> AlertRuleTest { get; set; } = [];
}

internal sealed class AlertTest
{
    public string EvalTime { get; set; } = "";

    [YamlMember(Alias = "alertname", ApplyNamingConventions = false)]
    public string Alert { get; set; } = "";

    public List<Dictionary<string, Dictionary<string, string>>> ExpAlerts { get; set; } = [];
}
