using System.Text.RegularExpressions;

namespace Payouts.Tests.Monitoring;

public sealed partial class When_alerts_are_judged
{
    private static readonly IReadOnlyList<AlertRule> Rules = AlertRules.Load();

    private static string Operations => File.ReadAllText(RepositoryRoot.PathOf("docs", "operations.md")).Split("\n## Alerts\n")[1];

    [Fact]
    public void Should_say_how_urgent_each_is_and_what_it_means()
    {
        foreach (var rule in Rules)
        {
            rule.Labels.Keys.ShouldBe(["severity"], ignoreOrder: true, rule.Alert);
            rule.Labels["severity"].ShouldBeOneOf(["critical", "warning"]);
            rule.Annotations.Keys.ShouldBe(["summary", "description", "runbook_url"], ignoreOrder: true, rule.Alert);
            rule.Annotations["runbook_url"].ShouldBe($"docs/operations.md#{rule.Alert.ToLowerInvariant()}");
            rule.Annotations["summary"].Length.ShouldBeInRange(10, 100, rule.Alert);
            rule.Annotations["description"].EndsWith('.').ShouldBeTrue(rule.Alert);
        }
    }

    [Fact]
    public void Should_have_a_section_for_each_and_no_other() =>
        Section().Matches(Operations).Select(match => match.Groups[1].Value).ShouldBe(Rules.Select(rule => rule.Alert), ignoreOrder: true);

    [Fact]
    public void Should_say_in_each_section_what_to_do()
    {
        foreach (var section in Operations.Split("\n### ")[1..])
            section.Split('\n', 2)[1].Trim().Length.ShouldBeGreaterThan(60, section);
    }

    [Fact]
    public void Should_name_only_endpoints_that_exist()
    {
        var routes = Route().Matches(File.ReadAllText(RepositoryRoot.PathOf("docs", "security.md")))
            .Select(match => new Regex("^" + Parameter().Replace(Regex.Escape(match.Groups[1].Value).Replace("}", "\\}", StringComparison.Ordinal), "[^/]+") + "$")).ToList();
        var asked = Asked().Matches(Operations).Select(match => match.Groups[1].Value).Distinct().ToList();
        asked.Count.ShouldBeGreaterThan(8);
        asked.Where(path => !routes.Any(route => route.IsMatch(path)) && !path.EndsWith("dead-letters", StringComparison.Ordinal) && !path.EndsWith("/replay", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Should_be_tested_firing_and_quiet()
    {
        var tests = AlertRules.LoadTests();
        foreach (var rule in Rules)
        {
            tests.ShouldContain(test => test.Alert == rule.Alert && test.ExpAlerts.Count > 0, $"{rule.Alert} is never seen firing");
            tests.ShouldContain(test => test.Alert == rule.Alert && test.ExpAlerts.Count == 0, $"{rule.Alert} is never seen quiet");
        }

        tests.Select(test => test.Alert).Distinct().ShouldBe(Rules.Select(rule => rule.Alert), ignoreOrder: true);
    }

    [Fact]
    public void Should_use_only_metrics_and_labels_that_are_documented() => Rules.SelectMany(rule => Unknown(rule.Expr).Select(unknown => $"{rule.Alert}: {unknown}")).ShouldBeEmpty();

    [Theory]
    [InlineData("max(payout_in_state) > 0")]
    [InlineData("max by (status) (payouts_in_state) > 0")]
    [InlineData("payouts_in_state{colour=\"red\"} > 0")]
    [InlineData("max(payouts_in_state{state=\"Lost\"}) > 0")]
    public void Should_catch_what_is_not_documented(string query) => Unknown(query).ShouldNotBeEmpty();

    /// <summary>Metrics, labels, and values of labels whose values are listed one by one.</summary>
    internal static IEnumerable<string> Unknown(string query)
    {
        var rows = MetricsDocument.Load();
        var names = PromQl.Of(query);
        var known = rows.Where(row => names.Metrics.Select(PromQl.BaseOf).Contains(row.Metric.Name)).ToList();
        foreach (var metric in names.Metrics.Where(name => known.All(row => row.Metric.Name != PromQl.BaseOf(name))))
            yield return $"the metric {metric}";
        foreach (var label in names.Labels.Except(known.SelectMany(row => row.Metric.Labels)).Except(["job", "instance", "le"]))
            yield return $"the label {label}";
        foreach (Match match in Selected().Matches(query))
        {
            var label = match.Groups["label"].Value;
            var listed = known.Where(row => row.Values.ContainsKey(label)).SelectMany(row => row.Values[label]).ToHashSet(StringComparer.Ordinal);
            foreach (var value in listed.Count == 0 ? [] : match.Groups["values"].Value.Split('|').Except(listed))
                yield return $"the value {value} of {label}";
        }
    }

    [GeneratedRegex(@"^### (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"\| (?:GET|POST) \| `([^`]+)`")]
    private static partial Regex Route();

    [GeneratedRegex(@"\\\{[^}]*\\\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"http://(?:rounds|payout-[a-z]+|SERVICE)(/[^`?\s;]*)")]
    private static partial Regex Asked();

    [GeneratedRegex("(?<label>\\w+)(=~|!~|!=|=)\"(?<values>[\\w|.-]+)\"")]
    private static partial Regex Selected();
}
