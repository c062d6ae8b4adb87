using Prometheus;

namespace Payouts.Rounds.Webhooks;

/// <summary>What is counted of webhooks. Labels come from closed lists.</summary>
internal static class WebhookMetrics
{
    /// <summary>
    /// Tries by their outcome: sum(rate(round_webhooks_total[5m])) by (outcome). Alert on any that is given up:
    /// increase(round_webhooks_total{outcome="GivenUp"}[15m]) > 0; the others tell why before that.
    /// </summary>
    private static readonly Counter Tries = Metrics.CreateCounter("round_webhooks_total", "Tries to deliver a webhook, by their outcome.", "outcome");

    /// <summary>
    /// Age of the oldest delivery that waits, in seconds; each replica measures the same: max(round_webhook_oldest_seconds). Alert above 900 for
    /// 5 minutes: an endpoint is away, or its file is.
    /// </summary>
    private static readonly Gauge Oldest = Metrics.CreateGauge("round_webhook_oldest_seconds", "Age of the oldest webhook delivery that waits.");

    /// <summary>A series that begins at 1 has not risen: the first one that is given up would alert nobody.</summary>
    public static void BeginAtZero()
    {
        foreach (var outcome in Enum.GetNames<WebhookOutcome>())
            Tries.WithLabels(outcome);
    }

    public static void Tried(WebhookOutcome outcome) => Tries.WithLabels(outcome.ToString()).Inc();

    public static void Waits(TimeSpan age) => Oldest.Set(Math.Max(0, age.TotalSeconds));
}
