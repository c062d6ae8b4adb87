using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>Fifty players, four processes, RabbitMQ and PostgreSQL: the three modes of production.</summary>
public sealed partial class When_a_round_is_played_through_four_processes(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);
    private static readonly string[] Players = [.. Enumerable.Range(0, 50).Select(SuiteKeys.Player)];

    [Fact(Timeout = 180_000)]
    public async Task Should_settle_with_an_external_signer()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players }, TestContext.Current.CancellationToken);
        await suite.Game.PlayAsync("external", 1, Players, TestContext.Current.CancellationToken);
        await suite.SettledAsync("external", Within, TestContext.Current.CancellationToken);
        suite.ShouldHavePaidEachOnce(1, Players);
        await QueuesShouldBeQuorumAsync(suite);
        await NobodyShouldHavePostedTelemetryAsync(suite);
    }

    [Fact(Timeout = 180_000)]
    public async Task Should_settle_with_the_hot_key_also_when_the_contracts_entries_are_archived()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.HotKey }, TestContext.Current.CancellationToken);
        await suite.Game.PlayAsync("hot", 2, Players[..25], TestContext.Current.CancellationToken);
        await suite.SettledAsync("hot", Within, TestContext.Current.CancellationToken);
        suite.ShouldHavePaidEachOnce(2, Players[..25]);

        var ledger = suite.Devnet.Ledger;
        (ledger.ArchiveInstance(ledger.PayoutContract) && ledger.ArchiveBalance(ledger.PayoutContract)).ShouldBeTrue("contract and treasury are archived");
        await suite.Game.PlayAsync("archived", 5, Players[25..], TestContext.Current.CancellationToken);
        await suite.SettledAsync("archived", Within, TestContext.Current.CancellationToken);
        suite.ShouldHavePaidEachOnce(5, Players[25..]);
        await MetricsShouldNameNobodyAsync(suite, "archived");
        foreach (var service in suite.Services.Values)
            (await service.StopAsync(TestContext.Current.CancellationToken)).ShouldBe(0, $"{service.Name} was told to stop:{Environment.NewLine}{service.Output}");
    }

    [Fact(Timeout = 180_000)]
    public async Task Should_only_build_when_execution_is_off()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.BuildOnly, Channels = 5 }, TestContext.Current.CancellationToken);
        await suite.Game.PlayAsync("built", 3, Players, TestContext.Current.CancellationToken);
        await Probe.Until("50 payouts are Built", async token => await suite.PayoutStatesAsync("built", token), states => states is ["Built 50"], Within, cancellationToken: TestContext.Current.CancellationToken);
        (await suite.RoundStateAsync("built", TestContext.Current.CancellationToken)).ShouldBe("RESOLVED");
        suite.Devnet.Ledger.Payouts().ShouldBeEmpty();
        var slots = await suite.Database.ReadAsync<long>("select count(distinct (channel, sequence_number)) from payout_builder.payouts", TestContext.Current.CancellationToken);
        slots.ShouldBe(50);
    }

    [Fact(Timeout = 180_000)]
    public async Task Should_settle_with_signatures_that_come_back_over_http()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.Nobody }, TestContext.Current.CancellationToken);
        await suite.Game.PlayAsync("http", 4, Players, TestContext.Current.CancellationToken);
        await HttpSigner.SignAllAsync(suite, Players.Length, Within, TestContext.Current.CancellationToken);
        await suite.SettledAsync("http", Within, TestContext.Current.CancellationToken);
        suite.ShouldHavePaidEachOnce(4, Players);
    }

    private static async Task QueuesShouldBeQuorumAsync(SuiteProcesses suite)
    {
        var queues = (await suite.Broker.ListQueuesAsync(TestContext.Current.CancellationToken)).Where(x => x.Contains('.', StringComparison.Ordinal)).ToList();
        queues.Count.ShouldBeGreaterThanOrEqualTo(12, string.Join(", ", queues));
        foreach (var queue in queues)
            (await suite.Broker.ReadQueueAsync(queue, TestContext.Current.CancellationToken))!.Type.ShouldBe("quorum", queue);
    }

    /// <summary>A label with a hash, an account, an id or a round's name in it is a new series for each.</summary>
    private static async Task MetricsShouldNameNobodyAsync(SuiteProcesses suite, string round)
    {
        foreach (var service in suite.Services.Values)
        {
            var metrics = await service.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken);
            metrics.Length.ShouldBeGreaterThan(1000);
            metrics.Split('\n').Where(line => Identity().IsMatch(line) || line.Contains(round, StringComparison.Ordinal)).ShouldBeEmpty(service.Name);
        }
    }

    [GeneratedRegex("[0-9a-f]{64}|[GC][A-Z2-7]{55}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Identity();

    private static async Task NobodyShouldHavePostedTelemetryAsync(SuiteProcesses suite)
    {
        foreach (var (name, service) in suite.Services)
        {
            using var answer = await service.Http.GetAsync("/", TestContext.Current.CancellationToken);
            var about = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            about["services"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldBe(name);
            about["version"]!.GetValue<string>().ShouldStartWith("0.");
            service.Output.ShouldNotContain("telemetry", Case.Insensitive);
        }
    }
}
