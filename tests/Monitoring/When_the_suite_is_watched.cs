using Payouts.Tests.Suite;

namespace Payouts.Tests.Monitoring;

/// <summary>
/// Four services, a signer, RabbitMQ, PostgreSQL and a network, with the Prometheus and Alertmanager of this host beside them: what a night of an operator looks like, in a
/// minute. A round settles and every panel has something to show; the signer goes away and somebody is paged; it comes back and the page is taken back.
/// </summary>
public sealed class When_the_suite_is_watched(Servers servers)
{
    private const string Window = "2m";
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(180);
    private static readonly string[] Jobs = ["rounds", "payout-builder", "payout-signer", "payout-submitter"];
    private static readonly string[] Players = [.. Enumerable.Range(0, 50).Select(SuiteKeys.Player)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 900_000)]
    public async Task Should_show_a_round_and_page_somebody_while_the_signer_is_away()
    {
        await using var webhook = await Webhook.StartAsync(Token);
        await using var broker = await RabbitMqServer.StartNewAsync(new RabbitMqOptions { ShowsMetrics = true }, Token);
        await using var suite = await SuiteProcesses.StartAsync(await broker.CreateVirtualHostAsync(cancellationToken: Token), await servers.CreateDatabaseAsync(cancellationToken: Token), new SuiteOptions { Players = Players }, Token);
        var targets = Jobs.ToDictionary(job => $"{job}:8080", job => (IReadOnlyList<string>)[suite[job].BaseAddress.Authority], StringComparer.Ordinal);
        targets["rabbitmq:15692"] = [broker.Metrics!];
        await using var watchers = await Watchers.StartAsync(targets, webhook.Address, RuleTimes.AtOnce);
        await watchers.UntilAsync("Prometheus reads all five jobs", "count(up == 1) == 5", found => found.Count == 1, Within, Token);

        await suite.Game.PlayAsync("watched", 1, Players, Token);
        await suite.SettledAsync("watched", Within, Token);
        foreach (var query in Dashboards.Queries())
            await watchers.UntilAsync($"there is something to see of {query}", query.For(Window), found => found.Count > 0, Within, Token);
        await ShouldShowWhatIsDocumentedAsync(suite);
        await watchers.UntilAsync("no alert fires while all is well", "ALERTS{alertstate=\"firing\"}", found => found.Count == 0, Within, Token);

        await suite["local-signer"].StopAsync(Token);
        await suite.Game.PlayAsync("waiting", 2, Players[..10], Token);
        var paged = await Probe.Until("Alertmanager holds SignerSilent for active", token => watchers.ActiveAsync("SignerSilent", token), active => active.Count == 1, Within, cancellationToken: Token);
        paged[0]["labels"]!["severity"]!.GetValue<string>().ShouldBe("critical");
        paged[0]["annotations"]!["runbook_url"]!.GetValue<string>().ShouldBe("docs/operations.md#signersilent");
        await Probe.Until("somebody is told that the signer is silent", () => webhook.Told.Contains("SignerSilent firing"), Within, Token);

        await suite["local-signer"].StartAsync(Token);
        await suite.SettledAsync("waiting", Within, Token);
        await Probe.Until("Alertmanager holds nothing for active any more", token => watchers.ActiveAsync("SignerSilent", token), active => active.Count == 0, Within, cancellationToken: Token);
        await Probe.Until("somebody is told that the signer is back", () => webhook.Told.Contains("SignerSilent resolved"), Within, Token);
    }

    private static async Task ShouldShowWhatIsDocumentedAsync(SuiteProcesses suite)
    {
        var rows = MetricsDocument.Load().Where(row => !row.Metric.Name.StartsWith("rabbitmq_", StringComparison.Ordinal) && row.Metric.Name != "up").ToList();
        foreach (var job in Jobs)
            Exposition.Differences(job, await suite[job].Http.GetStringAsync("metrics", Token), rows).ShouldBeEmpty();
    }
}
