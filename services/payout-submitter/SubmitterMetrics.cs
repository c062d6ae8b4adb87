using Prometheus;

namespace Payouts.Submitter;

/// <summary>What payout-submitter counts; labels are the network's words, stages and codes.</summary>
internal static class SubmitterMetrics
{
    /// <summary>Answers to sends. Alert on UNKNOWN rising: rate(payout_submissions_total{status="UNKNOWN"}[5m]) > 0.1.</summary>
    public static Counter Submissions { get; } = Metrics.CreateCounter("payout_submissions_total", "Answers to sendTransaction.", "status");

    /// <summary>Payouts that the ledger shows as paid.</summary>
    public static Counter Confirmed { get; } = Metrics.CreateCounter("txs_confirmed_total", "Payout transactions confirmed on the ledger.");

    /// <summary>
    /// Fee bumps by how many the envelope has had: 1 to 5, or more. Alert when prices run away from us:
    /// increase(payout_fee_bumps_total{step="more"}[15m]) > 0.
    /// </summary>
    public static Counter FeeBumps { get; } = Metrics.CreateCounter("payout_fee_bumps_total", "Fee bumps by step.", "step");

    /// <summary>The label of a step: a closed list.</summary>
    public static string StepOf(int bumps) => bumps <= 5 ? bumps.ToString(System.Globalization.CultureInfo.InvariantCulture) : "more";

    /// <summary>Envelopes whose outcome is not known yet.</summary>
    public static Gauge Pending { get; } = Metrics.CreateGauge("worker_jobs_pending", "Submissions without an outcome.");

    /// <summary>Failures by stage and code.</summary>
    public static Counter Failures { get; } = Metrics.CreateCounter("payout_failures_total", "Failures of payout steps.", "stage", "code");

    /// <summary>From the first acceptance to the outcome.</summary>
    public static Histogram StageDuration { get; } = Metrics.CreateHistogram("payout_stage_duration_seconds", "Duration of a step.", "stage");
}
