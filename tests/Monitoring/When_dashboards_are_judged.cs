using System.Text.RegularExpressions;

namespace Payouts.Tests.Monitoring;

public sealed partial class When_dashboards_are_judged
{
    private static readonly NodeProject Source = new(RepositoryRoot.PathOf("deploy", "grafana", "source"));
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The compiler knows Grafana's types; what the source makes is what is committed.</summary>
    [Fact(Timeout = 400_000)]
    public async Task Should_be_made_from_a_source_that_compiles_against_grafanas_types()
    {
        using var folder = new TemporaryFolder();
        await Source.InstallAsync(Token);
        await Source.RunAsync(["node_modules/typescript/bin/tsc", "--outDir", "build"], [], Within, Token);
        await Source.RunAsync(["build/generate.js", folder.PathOf("made")], [], Within, Token);
        var made = Directory.EnumerateFiles(folder.PathOf("made")).ToDictionary(path => Path.GetFileName(path), File.ReadAllText, StringComparer.Ordinal);
        made.Keys.ShouldBe(Directory.EnumerateFiles(Dashboards.Folder).Select(path => Path.GetFileName(path)), ignoreOrder: true);
        foreach (var (name, text) in made)
            text.ShouldBe(await File.ReadAllTextAsync(Path.Combine(Dashboards.Folder, name), Token), $"{name}: run npm run generate in deploy/grafana/source");
    }

    [Fact(Timeout = 400_000)]
    public async Task Should_not_compile_with_an_option_that_grafana_does_not_have()
    {
        await Source.InstallAsync(Token);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.PathOf("wrong.ts"), "import { graph } from './panels.js';\nexport const wrong = graph('a', 'b', 's').drawStyle('dots').heigth(3);\n", Token);
        foreach (var file in new[] { "panels.ts", "package.json", "tsconfig.json" })
            File.Copy(RepositoryRoot.PathOf("deploy", "grafana", "source", file), folder.PathOf(file));
        Directory.CreateSymbolicLink(folder.PathOf("node_modules"), RepositoryRoot.PathOf("deploy", "grafana", "source", "node_modules"));
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => Source.RunAsync(["node_modules/typescript/bin/tsc", "--noEmit", "--project", folder.PathOf("tsconfig.json")], [], Within, Token));
        refused.Message.ShouldContain("heigth");
    }

    [Fact]
    public void Should_ask_only_for_metrics_and_labels_that_are_documented() =>
        Dashboards.Queries().SelectMany(query => When_alerts_are_judged.Unknown(query.Expression).Select(unknown => $"{query}: {unknown}")).ShouldBeEmpty();

    [Fact]
    public void Should_show_every_metric_of_ours()
    {
        var shown = Dashboards.Queries().SelectMany(query => PromQl.Of(query.Expression).Metrics.Select(PromQl.BaseOf)).ToHashSet(StringComparer.Ordinal);
        MetricsInCode.Load().Select(metric => metric.Name).Where(name => !shown.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Should_go_by_the_datasource_that_is_provisioned()
    {
        var provisioned = File.ReadAllText(RepositoryRoot.PathOf("deploy", "grafana", "provisioning", "datasources", "prometheus.yml"));
        foreach (var (name, dashboard) in Dashboards.Load())
        {
            dashboard["uid"]!.GetValue<string>().ShouldBe(name);
            foreach (var panel in Dashboards.PanelsOf(dashboard))
            {
                provisioned.ShouldContain($"uid: {panel["datasource"]!["uid"]!.GetValue<string>()}\n");
                panel["description"]!.GetValue<string>().Length.ShouldBeGreaterThan(3, $"{name}, {panel["title"]}");
            }
        }
    }

    [Fact]
    public void Should_be_listed_where_they_are_explained()
    {
        var titles = Dashboards.Load().Values.Select(dashboard => dashboard["title"]!.GetValue<string>());
        TitleRow().Matches(File.ReadAllText(RepositoryRoot.PathOf("deploy", "grafana", "README.md"))).Select(match => match.Groups[1].Value).Where(title => title is not ("dashboard" or "---")).ShouldBe(titles, ignoreOrder: true);
    }

    [GeneratedRegex(@"^\| ?([^|]+?) ?\|", RegexOptions.Multiline)]
    private static partial Regex TitleRow();
}
