using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Rolling;

/// <summary>
/// A new version comes as Kubernetes brings it: two replicas of every service, each is told to stop while payouts are in flight, ends in order, and the next is
/// replaced when it is ready. Nobody who watches may notice.
/// </summary>
public sealed partial class When_replicas_are_replaced_one_by_one(Servers servers)
{
    private const int Replicas = 2;
    private static readonly string[] Names = ["rounds", "payout-builder", "payout-signer", "payout-submitter"];
    private static readonly TimeSpan SettledWithin = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 1200_000)]
    public async Task Should_pay_everybody_once_and_alert_nobody()
    {
        var complaints = new ConcurrentQueue<string>();
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions
        {
            Players = [.. RunningLoad.Everybody()],
            Channels = 30,
            CloseTime = TimeSpan.FromSeconds(1),
            Heard = (name, line) =>
            {
                if (Complaint().IsMatch(line))
                    complaints.Enqueue($"{name}: {line}");
            },
        }, Cancelled);
        var second = Names.ToDictionary(name => name, suite.CreateReplica, StringComparer.Ordinal);
        try
        {
            foreach (var replica in second.Values)
                await replica.StartAsync(Cancelled);
            var load = new RunningLoad(suite);
            var running = load.RunAsync(Cancelled);
            foreach (var name in Names)
                foreach (var replica in new[] { suite[name], second[name] })
                    await ReplaceAsync(replica, running);
            load.End();
            await running;
            foreach (var round in load.Played)
                await suite.SettledAsync(round.Id, SettledWithin, Cancelled);
            await Probe.Until("the outboxes are empty", suite.OutboxAsync, count => count == 0, SettledWithin, cancellationToken: Cancelled);

            foreach (var round in load.Played)
                suite.ShouldHavePaidEachOnce(round.Number, round.Players);
            suite.Devnet.Ledger.Payouts().Count.ShouldBe(load.Played.Count * RunningLoad.PlayersPerRound);
            (await suite.OpenLettersAsync(Cancelled)).ShouldBeEmpty();
            (await suite.Database.ReadAsync<long>("select count(*) from payout_builder.payout_transitions where to_state in ('OnHold', 'Failed') or event = 'PayoutExpired'", Cancelled)).ShouldBe(0);
            (await suite.Database.ReadAsync<long>("select count(*) from payout_builder.payouts where attempt > 1", Cancelled)).ShouldBe(0, "nothing had to be built again");
            foreach (var replica in Names.SelectMany(name => new[] { suite[name], second[name] }))
                await ShouldAlertNobodyAsync(replica);
            complaints.ShouldBeEmpty("nothing at the level of an error or worse");
            Chosen.Tell(string.Create(CultureInfo.InvariantCulture, $"{load.Played.Count * RunningLoad.PlayersPerRound} payouts in {load.Played.Count} rounds while {Names.Length * Replicas} processes were replaced"));
        }
        finally
        {
            foreach (var replica in second.Values)
                await replica.DisposeAsync();
        }
    }

    /// <summary>It has failed already when the load has.</summary>
    private static async Task ReplaceAsync(ServiceProcess replica, Task load)
    {
        if (load.IsFaulted)
            await load;
        await ShouldAlertNobodyAsync(replica);
        var clock = Stopwatch.StartNew();
        (await replica.StopAsync(Cancelled)).ShouldBe(0, $"{replica.Name} ended otherwise than in order:\n{replica.Output}");
        var stopped = clock.Elapsed;
        await replica.StartAsync(Cancelled);
        Chosen.Tell(string.Create(CultureInfo.InvariantCulture, $"{replica.Name}: {stopped.TotalSeconds:0.0} s from SIGTERM to its end, {(clock.Elapsed - stopped).TotalSeconds:0.0} s from its start to ready"));
    }

    /// <summary>What pages somebody: failures, dead letters, payouts on hold.</summary>
    private static async Task ShouldAlertNobodyAsync(ServiceProcess replica)
    {
        var metrics = await replica.Http.GetStringAsync("metrics", Cancelled);
        metrics.Split('\n').Where(line => Alarming().IsMatch(line)).ShouldBeEmpty($"{replica.Name}");
    }

    [GeneratedRegex(@"^(payout_failures_total|dead_letters_total|payout_reconciliation_findings|payouts_in_state\{state=""OnHold""\})[^ ]* (?!0(\.0)?$)")]
    private static partial Regex Alarming();

    [GeneratedRegex("^(fail|crit): ")]
    private static partial Regex Complaint();
}
