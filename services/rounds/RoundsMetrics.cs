using Payouts.Rounds.Policies;
using Prometheus;

namespace Payouts.Rounds;

/// <summary>What this service counts. Labels come from closed lists.</summary>
internal static class RoundsMetrics
{
    /// <summary>
    /// Rounds that were resolved: sum(rate(round_resolutions_total[5m])) by (outcome). No alert: how many rounds a game plays is the
    /// game's business.
    /// </summary>
    private static readonly Counter Resolutions = Metrics.CreateCounter(
        "round_resolutions_total", "Rounds that were resolved.", "policy", "outcome");

    /// <summary>
    /// From the arrival of the draw to the commit of its resolution, waiting for late entries and the closing included:
    /// histogram_quantile(0.99, rate(round_resolution_duration_seconds_bucket[5m])). Alert above 60 s: events of the game are late or lost.
    /// </summary>
    private static readonly Histogram Duration = Metrics.CreateHistogram(
        "round_resolution_duration_seconds", "From the arrival of the draw to its resolution.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.005, 2.5, 14) });

    /// <summary>Outcomes that no round had yet are shown too: a series that begins at 1 has not risen.</summary>
    public static void BeginAtZero()
    {
        foreach (var policy in RoundPolicies.Names)
        {
            foreach (var outcome in Enum.GetNames<ResolutionOutcome>())
                Resolutions.WithLabels(policy, outcome);
        }
    }

    public static void Resolved(IRoundPolicy policy, ResolutionOutcome outcome, TimeSpan took)
    {
        Resolutions.WithLabels(policy.Name, outcome.ToString()).Inc();
        Duration.Observe(Math.Max(0, took.TotalSeconds));
    }
}
