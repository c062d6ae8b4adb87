using YamlDotNet.Serialization;

namespace Payouts.Tests.Deployment;

/// <summary>Prometheus's own rule files and the operator's PrometheusRule hold the same groups: k8s/monitoring/rules.yaml is made from them.</summary>
public sealed class When_alert_rules_are_compared
{
    private const string Resource = "k8s/monitoring/rules.yaml";

    [Fact]
    public void Should_alert_the_same_in_kubernetes()
    {
        var made = PrometheusRuleText.Make(Files());
        if (Environment.GetEnvironmentVariable("PAYOUTS_TEST_UPDATE") == "1")
            File.WriteAllText(RepositoryRoot.PathOf(Resource), made);
        File.ReadAllText(RepositoryRoot.PathOf(Resource)).ShouldBe(made, $"{Resource} differs from deploy/prometheus/rules: PAYOUTS_TEST_UPDATE=1 ./test.sh Deployment");
    }

    [Fact]
    public void Should_take_every_group_of_every_file_as_it_is()
    {
        const string First = "groups:\n  - name: one\n    interval: 30s\n    rules:\n      - alert: Down\n        expr: up == 0 and on (job) \"a\" != bool 1\n        for: 5m\n        labels: {severity: page}\n        annotations:\n          summary: 'it is: down'\n          description: |\n            two\n            lines\n";
        const string Second = "groups:\n  - name: two\n    rules:\n      - record: job:up:sum\n        expr: sum(up) by (job)\n";
        var made = Read(PrometheusRuleText.Make([First, Second]));
        var groups = (List<object>)((Dictionary<object, object>)made["spec"])["groups"];
        Write(groups).ShouldBe(Write(((List<object>)Read(First)["groups"]).Concat((List<object>)Read(Second)["groups"])));
        Write(groups).ShouldNotBe(Write(((List<object>)Read(First)["groups"]).Concat((List<object>)Read(Second.Replace("sum(up)", "min(up)", StringComparison.Ordinal))["groups"])));
    }

    private static IEnumerable<string> Files()
    {
        var folder = RepositoryRoot.PathOf("deploy/prometheus/rules");
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.yml").Order(StringComparer.Ordinal).Select(File.ReadAllText) : [];
    }

    private static Dictionary<object, object> Read(string text) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(text);

    private static string Write(object value) => new SerializerBuilder().Build().Serialize(value);
}
