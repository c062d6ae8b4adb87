using YamlDotNet.Core;

namespace Payouts.Tests.Deployment;

public sealed class When_the_compose_file_is_judged
{
    private static readonly Dictionary<ComposeRule, (string Good, string Bad)[]> Planted = new()
    {
        [ComposeRules.PinnedImages] = [("${POSTGRES_IMAGE:-postgres:17}", "postgres"), ("${POSTGRES_IMAGE:-postgres:17}", "${POSTGRES_IMAGE:-postgres:latest}")],
        [ComposeRules.Hardened] = [("  read_only: true\n", ""), ("  cap_drop: [ALL]\n", ""), ("no-new-privileges:true", "no-new-privileges:false")],
        [ComposeRules.LoopbackPorts] = [("127.0.0.1:8081:8080", "8081:8080")],
        [ComposeRules.WaitsForHealth] = [("condition: service_healthy", "condition: service_started"), ("rabbitmq: {condition", "rabbit: {condition")],
        [ComposeRules.ServersAreChecked] = [("      retries: 20\n", "")],
        [ComposeRules.DrainsBeforeKill] = [("  stop_grace_period: 45s\n", "")],
        [ComposeRules.NamedVolumesExist] = [("./scripts/create-databases.sh:", "./scripts/create-database.sh:"), ("  postgres-data: {}\n", "")],
    };

    private static string Text => File.ReadAllText(RepositoryRoot.PathOf("docker-compose.yml"));

    public static TheoryData<string> RuleNames => [.. ComposeRules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_find_no_violation_in_ours(string rule) => Rule(rule).FindViolations(ComposeFile.Parse(Text)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Should_catch_each_planted_violation(string rule)
    {
        foreach (var (good, bad) in Planted[Rule(rule)])
        {
            Text.ShouldContain(good);
            Rule(rule).FindViolations(ComposeFile.Parse(Text.Replace(good, bad, StringComparison.Ordinal))).ShouldNotBeEmpty($"'{bad}' was not caught");
        }
    }

    [Theory]
    [InlineData("  stop_grace_period:", "  stop_grace_periods:")]
    [InlineData("    hostname: rabbitmq\n", "    hostname: rabbitmq\n    hostname: broker\n")]
    [InlineData("volumes:\n  postgres-data", "volume:\n  postgres-data")]
    public void Should_refuse_a_misspelt_or_doubled_key(string good, string bad)
    {
        Text.ShouldContain(good);
        Should.Throw<YamlException>(() => ComposeFile.Parse(Text.Replace(good, bad, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Components.AllData), MemberType = typeof(Components))]
    public void Should_build_each_image_from_its_dockerfile(Component component)
    {
        var service = ComposeFile.Parse(Text).Services[component.Name];
        service.Build.ShouldNotBeNull().Dockerfile.ShouldBe(component.Dockerfile);
        service.Build.Context.ShouldBe(".");
        File.Exists(RepositoryRoot.PathOf(component.Dockerfile)).ShouldBeTrue();
    }

    [Fact]
    public void Should_run_nothing_else_but_the_servers_and_who_watches() => ComposeFile.Parse(Text).Services.Keys.Order().ShouldBe(
        Components.All.Select(component => component.Name).Concat(["postgres", "rabbitmq", "prometheus", "alertmanager", "grafana"]).Order());

    [Fact]
    public void Should_watch_every_service_and_the_broker_where_compose_runs_them()
    {
        var compose = ComposeFile.Parse(Text);
        var targets = TargetsOf("prometheus/prometheus.yml");
        targets.ShouldBe([.. Components.Services.Select(service => $"{service.Name}:8080"), "rabbitmq:15692", "alertmanager:9093"], ignoreOrder: true);
        foreach (var service in Components.Services)
            compose.Services[service.Name].Ports.ShouldContain(port => port.EndsWith(":8080", StringComparison.Ordinal), service.Name);
        foreach (var place in new[] { "prometheus:9090", "alertmanager:9093" })
        {
            File.ReadAllText(RepositoryRoot.PathOf("deploy", "grafana", "provisioning", "datasources", "prometheus.yml")).ShouldContain($"url: http://{place}\n");
            compose.Services[place.Split(':')[0]].Ports.ShouldContain(port => port.EndsWith(':' + place.Split(':')[1], StringComparison.Ordinal), place);
        }
    }

    private static IEnumerable<string> TargetsOf(string file) => File.ReadLines(RepositoryRoot.PathOf("deploy", file))
        .Select(line => line.Split("targets: [")).Where(parts => parts.Length == 2).Select(parts => parts[1].TrimEnd(']'));

    [Fact]
    public void Should_list_every_variable_in_the_example_with_its_default()
    {
        var example = File.ReadAllLines(RepositoryRoot.PathOf(".env.example"))
            .Where(line => line.StartsWith('#') && line.Contains('=', StringComparison.Ordinal) && !line.StartsWith("# ", StringComparison.Ordinal))
            .Select(line => line[1..]).Order(StringComparer.Ordinal);
        ComposeText.VariablesOf(Text).Select(variable => $"{variable.Name}={variable.Default}").Order(StringComparer.Ordinal).ShouldBe(example);
    }

    private static ComposeRule Rule(string name) => ComposeRules.All.Single(rule => rule.Name == name);
}
