namespace Payouts.Tests.Monitoring;

public sealed class When_metrics_are_documented
{
    /// <summary>Made by libraries or by the broker: the live suite shows that they exist.</summary>
    private static readonly string[] FromElsewhere = ["process_", "dotnet_collection_count_total", "dotnet_total_memory_bytes", "rabbitmq_", "up"];

    private static readonly IReadOnlyList<MetricRow> Rows = MetricsDocument.Load();

    [Fact]
    public void Should_have_a_row_for_each_metric_of_the_code_and_no_other() => Differences(MetricsInCode.Load(), Rows).ShouldBeEmpty();

    [Fact]
    public void Should_list_each_metric_once() => Rows.Select(row => row.Metric.Name).ShouldBeUnique();

    [Fact]
    public void Should_ask_for_the_metric_of_the_row_in_its_query()
    {
        foreach (var row in Rows)
            PromQl.Of(row.Query).Metrics.Select(PromQl.BaseOf).ShouldContain(row.Metric.Name, row.Query);
    }

    [Fact]
    public void Should_name_in_each_row_the_alerts_that_watch_it()
    {
        var watchedBy = AlertRules.Load().SelectMany(rule => PromQl.Of(rule.Expr).Metrics.Select(name => (Metric: PromQl.BaseOf(name), rule.Alert))).Distinct();
        watchedBy.Order().ShouldBe(Rows.SelectMany(row => row.Alerts.Select(alert => (Metric: row.Metric.Name, Alert: alert))).Order());
    }

    [Theory]
    [InlineData("http_requests_total")]
    [InlineData("http_request_duration_seconds")]
    [InlineData("worker_jobs_pending")]
    [InlineData("txs_confirmed_total")]
    [InlineData("round_resolutions_total")]
    [InlineData("round_resolution_duration_seconds")]
    public void Should_keep_the_names_of_the_older_system(string name) => MetricsInCode.Load().Select(metric => metric.Name).ShouldContain(name);

    [Theory]
    [InlineData("Metrics.CreateGauge(\"unknown\", \"help\")", "unknown")]
    [InlineData("Metrics.CreateCounter(\"worker_jobs_pending\", \"help\")", "worker_jobs_pending")]
    [InlineData("Metrics.CreateGauge(\"worker_jobs_pending\", \"help (with a bracket\", [\"payout_id\"], new GaugeConfiguration())", "worker_jobs_pending")]
    public void Should_catch_a_metric_that_the_document_does_not_have_so(string code, string named) =>
        Differences([.. MetricsInCode.Load().Where(metric => metric.Name != named), .. MetricsInCode.Parse(code)], Rows).ShouldNotBeEmpty();

    [Fact]
    public void Should_catch_a_row_without_a_metric() =>
        Differences(MetricsInCode.Load(), [.. Rows, .. MetricsDocument.Parse("| `gone_total` | counter | | rounds | nothing | `gone_total` | |")]).Count().ShouldBe(1);

    private static IEnumerable<string> Differences(IReadOnlyList<Metric> code, IReadOnlyList<MetricRow> rows)
    {
        var documented = rows.ToDictionary(row => row.Metric.Name, row => row.Metric, StringComparer.Ordinal);
        foreach (var metric in code)
        {
            if (!documented.TryGetValue(metric.Name, out var row))
                yield return $"{metric.Name} has no row in docs/metrics.md";
            else if (row.Type != metric.Type || !row.Labels.Order().SequenceEqual(metric.Labels.Order()))
                yield return $"{metric.Name} is a {metric.Type} with labels [{string.Join(", ", metric.Labels)}], the document says {row.Type} with [{string.Join(", ", row.Labels)}]";
        }

        foreach (var row in rows.Where(row => !FromElsewhere.Any(known => row.Metric.Name.StartsWith(known, StringComparison.Ordinal)) && code.All(metric => metric.Name != row.Metric.Name)))
            yield return $"{row.Metric.Name} is documented and no code makes it";
    }
}
