using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Steps;

/// <summary>
/// SIGKILL at every step point, one after the other in one long-lived suite: each scene ends as if nothing had happened, judged on the
/// ledger. A point that is armed and never passed fails the run.
/// </summary>
public sealed partial class When_a_process_dies_at_a_step(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 4 * 3600 * 1000)]
    public async Task Should_end_as_if_nothing_had_happened()
    {
        var all = StepList.Read().Where(step => step.Scene != StepList.Seldom).ToArray();
        var steps = Pick(all);
        var watch = Stopwatch.StartNew();
        await using var suite = await StepSuite.StartAsync(servers, Cancelled);
        var done = 0;
        foreach (var step in steps)
        {
            var began = watch.Elapsed;
            try
            {
                await suite.KillAtAsync(step, Cancelled);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new InvalidOperationException($"after {done} kills, killed at {step.Point} in the scene {step.Scene}: {failure.Message}\n{await suite.Suite.DescribeAsync(Cancelled)}\n{suite.Suite.Outputs}", failure);
            }

            done++;
            Chosen.Tell(string.Create(CultureInfo.InvariantCulture, $"{done,4} of {steps.Count}  {(watch.Elapsed - began).TotalSeconds,6:0.0} s  {step.Scene,-9}  {step.Point}"));
        }

        await Probe.Until("the outboxes are empty", suite.Suite.OutboxAsync, count => count == 0, cancellationToken: Cancelled);
        // A replay is sent at least once: the letter of a refused scene may come again, once, after the scene has put it away.
        var letters = await suite.Suite.OpenLettersAsync(Cancelled);
        letters.Where(letter => !ReplayedRound().IsMatch(letter)).ShouldBeEmpty("dead letters");
        letters.GroupBy(letter => ReplayedRound().Match(letter).Value).Where(round => round.Count() > 1).ShouldBeEmpty("letters that came more than once again");
        Chosen.Tell(string.Create(CultureInfo.InvariantCulture, $"step points: {all.Length} listed, {done} killed at, {watch.Elapsed.TotalSeconds:0} s, seed {Chosen.Seed}; 0 lost, 0 twice"));
    }

    [GeneratedRegex(@"\.claim/committed$|^rounds/WebhookPump(/|\.record/before-commit$)")]
    private static partial Regex LeavesLease();

    [GeneratedRegex("round \"refused-[0-9]+\"")]
    private static partial Regex ReplayedRound();

    /// <summary>All of them, those that are named, or as many as are asked for, drawn from the seed: the same scenes stay together, because each needs its time.</summary>
    private static List<Step> Pick(Step[] all)
    {
        if (Chosen.KillsAt is { } part)
            return [.. all.Where(step => step.Point.Contains(part, StringComparison.Ordinal))];
        if (Chosen.Kills >= all.Length)
            return [.. all];
        // What waits for an envelope's end or a lease's belongs to the long run.
        var quick = all.Where(step => step.Scene is not ("late" or "expired") && !LeavesLease().IsMatch(step.Point)).ToArray();
        new Random(Chosen.Seed).Shuffle(quick);
        return [.. quick.Take(Chosen.Kills)];
    }
}
