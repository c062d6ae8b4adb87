using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Payouts.Tests.Monitoring;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Rolling;

/// <summary>
/// A new version comes as Kubernetes brings it: two replicas of every service, each is told to stop while payouts are in flight, ends in order, and the next is
/// replaced when it is ready. Nobody who watches may notice: the Prometheus and Alertmanager that are deployed look at all eight meanwhile.
/// </summary>
/// <remarks>
/// A rule that must hold for minutes would prove nothing in a run of minutes. On a cluster a replica may take its pod's grace period, 60 seconds, until it has gone;
/// here one of each service is replaced before anybody watches, and every time in the rules is divided by what 60 seconds are to the longest of these replacements.
/// </remarks>
public sealed partial class When_replicas_are_replaced_one_by_one(Servers servers)
{
    /// <summary>The whole story of each payout that was built more than once.</summary>
    private const string BuiltAgain = """
        select coalesce(string_agg(payout_id || ' ' || number || ' ' || event || ' ' || to_state || ' ' || attempt || ' ' || coalesce(detail, ''), E'\n' order by payout_id, number), '')
        from payout_builder.payout_transitions where payout_id in (select payout_id from payout_builder.payouts where attempt > 1)
        """;

    private const string Deployments = "k8s/base/payout-builder/deployment.yaml";
    private static readonly string[] Names = ["rounds", "payout-builder", "payout-signer", "payout-submitter"];
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 3600 * 1000)]
    public async Task Should_pay_everybody_once_and_alert_nobody()
    {
        var complaints = new ConcurrentQueue<string>();
        await using var webhook = await Webhook.StartAsync(Cancelled);
        await using var broker = await RabbitMqServer.StartNewAsync(new RabbitMqOptions { ShowsMetrics = true }, Cancelled);
        await using var suite = await SuiteProcesses.StartAsync(
            await broker.CreateVirtualHostAsync("rolling", Cancelled), await servers.CreateDatabaseAsync(cancellationToken: Cancelled), Options(complaints), Cancelled);
        var load = new RunningLoad(suite);
        var running = load.RunAsync(Cancelled);
        var longest = TimeSpan.Zero;
        foreach (var name in Names)
            longest = Longer(longest, await ReplaceAsync(suite, SuiteProcesses.ReplicaName(name, 2), running));
        var compressed = await GracePeriodAsync() / longest;
        Chosen.Tell(string.Create(CultureInfo.InvariantCulture, $"the rules' times are divided by {compressed:0.00}"));
        await using var watchers = await Watchers.StartAsync(TargetsOf(suite, broker), webhook.Address, RuleTimes.Compressed(compressed));
        await watchers.UntilAsync("Prometheus reads all replicas and the broker", "count(up == 1) == 9", found => found.Count == 1, Within, Cancelled);

        foreach (var name in Names)
            foreach (var process in new[] { name, SuiteProcesses.ReplicaName(name, 2) })
                await ReplaceAsync(suite, process, running);
        load.End();
        await running;
        foreach (var round in load.Played)
            await suite.SettledAsync(round.Id, Within, Cancelled);
        await Probe.Until("the outboxes are empty", suite.OutboxAsync, count => count == 0, Within, cancellationToken: Cancelled);

        await ShouldHavePaidInOneTryAsync(suite, load);
        complaints.ShouldBeEmpty("nothing at the level of an error or worse");
        await ShouldHaveAlertedNobodyAsync(watchers, webhook, compressed);
        Chosen.Tell(string.Create(CultureInfo.InvariantCulture, $"{load.Played.Count * RunningLoad.PlayersPerRound} payouts in {load.Played.Count} rounds while 12 processes were replaced, 8 of them watched"));
        await ShouldAlertWhenNobodyIsLeftAsync(suite, watchers, webhook);
    }

    private static SuiteOptions Options(ConcurrentQueue<string> complaints) => new()
    {
        Players = [.. RunningLoad.Everybody()],
        Replicas = 2,
        Channels = 30,
        CloseTime = TimeSpan.FromSeconds(1),
        Heard = (name, line) =>
        {
            if (Complaint().IsMatch(line))
                complaints.Enqueue($"{name}: {line}");
        },
    };

    private static Dictionary<string, IReadOnlyList<string>> TargetsOf(SuiteProcesses suite, RabbitMqServer broker)
    {
        var targets = Names.ToDictionary(name => $"{name}:8080", name => (IReadOnlyList<string>)[.. suite.ReplicasOf(name).Select(replica => replica.BaseAddress.Authority)], StringComparer.Ordinal);
        targets["rabbitmq:15692"] = [broker.Metrics!];
        return targets;
    }

    /// <summary>How long Kubernetes lets a pod take to its end.</summary>
    private static async Task<TimeSpan> GracePeriodAsync()
    {
        var deployment = await File.ReadAllTextAsync(RepositoryRoot.PathOf(Deployments), Cancelled);
        return TimeSpan.FromSeconds(int.Parse(GracePeriod().Match(deployment).Groups[1].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>Returns how long nobody was there. It has failed already when the load has.</summary>
    private static async Task<TimeSpan> ReplaceAsync(SuiteProcesses suite, string process, Task load)
    {
        if (load.IsCompleted)
            await load;
        load.IsCompleted.ShouldBeFalse("there is load until the last replica is replaced");
        var replica = suite[process];
        var clock = Stopwatch.StartNew();
        (await replica.StopAsync(Cancelled)).ShouldBe(0, $"{process} ended otherwise than in order:\n{replica.Output}");
        var stopped = clock.Elapsed;
        await replica.StartAsync(Cancelled);
        Chosen.Tell(string.Create(CultureInfo.InvariantCulture, $"{process}: {stopped.TotalSeconds:0.0} s from SIGTERM to its end, {(clock.Elapsed - stopped).TotalSeconds:0.0} s from its start to ready"));
        return clock.Elapsed;
    }

    private static async Task ShouldHavePaidInOneTryAsync(SuiteProcesses suite, RunningLoad load)
    {
        foreach (var round in load.Played)
            suite.ShouldHavePaidEachOnce(round.Number, round.Players);
        suite.Devnet.Ledger.Payouts().Count.ShouldBe(load.Played.Count * RunningLoad.PlayersPerRound);
        (await suite.OpenLettersAsync(Cancelled)).ShouldBeEmpty();
        (await suite.Database.ReadAsync<long>("select count(*) from payout_builder.payout_transitions where to_state in ('OnHold', 'Failed') or event = 'PayoutExpired'", Cancelled)).ShouldBe(0);
        (await suite.Database.ReadAsync<string>(BuiltAgain, Cancelled)).ShouldBe("", "nothing had to be built again");
    }

    /// <summary>They looked at each replica, saw each of them go, and had nothing to tell.</summary>
    private static async Task ShouldHaveAlertedNobodyAsync(Watchers watchers, Webhook webhook, double compressed)
    {
        (await watchers.AskAsync("min_over_time(up{job!=\"rabbitmq\"}[1h]) == 0", Cancelled)).Count.ShouldBe(8, "each replica was seen to be away");
        (await watchers.AskAsync("max_over_time(payout_failures_total[1h]) > 0", Cancelled)).ShouldBeEmpty("no failure is counted");
        foreach (var pending in await watchers.AskAsync("sort_desc(count_over_time(ALERTS{alertstate=\"pending\"}[1h]))", Cancelled))
            Chosen.Tell($"pending, and for how many seconds in all: {pending}");
        (await watchers.AskAsync("count_over_time(ALERTS{alertstate=\"firing\"}[1h])", Cancelled)).ShouldBeEmpty(string.Create(CultureInfo.InvariantCulture, $"alerts, with every time divided by {compressed:0.00}"));
        webhook.Told.ShouldBeEmpty("somebody was paged");
    }

    /// <summary>The same watchers do see a service that is away altogether.</summary>
    private static async Task ShouldAlertWhenNobodyIsLeftAsync(SuiteProcesses suite, Watchers watchers, Webhook webhook)
    {
        foreach (var replica in suite.ReplicasOf("payout-signer"))
            (await replica.StopAsync(Cancelled)).ShouldBe(0);
        await Probe.Until("somebody is told that payout-signer is down", () => webhook.Told.Contains("ServiceDown firing"), Within, Cancelled);
        var firing = await watchers.AskAsync("count by (alertname, job) (ALERTS{alertstate=\"firing\"})", Cancelled);
        firing.ShouldContain("{\"alertname\":\"ServiceDown\",\"job\":\"payout-signer\"} 2");
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [GeneratedRegex(@"terminationGracePeriodSeconds: (\d+)")]
    private static partial Regex GracePeriod();

    [GeneratedRegex("^(fail|crit): ")]
    private static partial Regex Complaint();
}
