namespace Payouts.Tests.Monitoring;

/// <summary>By promtool, the program of the server itself.</summary>
public sealed class When_alerts_are_tested
{
    [Fact(Timeout = 180_000)]
    public async Task Should_be_rules_that_the_server_takes() => (await Tool.RunAsync("promtool", ["check", "rules", .. AlertRules.Files])).ShouldContain("SUCCESS");

    [Fact(Timeout = 180_000)]
    public async Task Should_fire_and_stay_quiet_as_each_test_says() => (await Tool.RunAsync("promtool", ["test", "rules", .. AlertRules.TestFiles])).ShouldNotContain("FAILED");

    [Fact(Timeout = 180_000)]
    public async Task Should_notice_a_rule_that_fires_too_late()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("rules"));
        Directory.CreateDirectory(folder.PathOf("tests"));
        var rules = await File.ReadAllTextAsync(RepositoryRoot.PathOf("deploy", "prometheus", "rules", "signing.yml"), TestContext.Current.CancellationToken);
        rules.ShouldContain("> 120");
        await File.WriteAllTextAsync(folder.PathOf("rules", "signing.yml"), rules.Replace("> 120", "> 1200", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        File.Copy(RepositoryRoot.PathOf("deploy", "prometheus", "tests", "signing.yml"), folder.PathOf("tests", "signing.yml"));
        (await Should.ThrowAsync<InvalidOperationException>(() => Tool.RunAsync("promtool", "test", "rules", folder.PathOf("tests", "signing.yml")))).Message.ShouldContain("SignerSilent");
    }

    [Fact(Timeout = 180_000)]
    public async Task Should_be_loaded_by_a_configuration_that_the_server_takes() =>
        (await Tool.RunAsync("promtool", "check", "config", "deploy/prometheus/prometheus.yml")).ShouldContain($"{AlertRules.Files.Count} rule files found");
}
