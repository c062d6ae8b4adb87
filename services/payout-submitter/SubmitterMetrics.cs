using Payouts.Hosting.Observability;
using Prometheus;

namespace Payouts.Submitter;

/// <summary>What payout-submitter counts; labels are the network's words, stages and codes.</summary>
internal static class SubmitterMetrics
{
    /// <summary>Answers to sends. Alert on UNKNOWN rising: rate(payout_submissions_total{status="UNKNOWN"}[5m]) > 0.1.</summary>
    public static Counter Submissions { get; } = Metrics.CreateCounter("payout_submissions_total", "Answers to sendTransaction.", "status");

    /// <summary>
    /// Payouts that the ledger shows as paid. Alert when none is although some are out:
    /// max(worker_jobs_pending) > 0 and sum(increase(txs_confirmed_total[10m])) == 0.
    /// </summary>
    public static Counter Confirmed { get; } = Metrics.CreateCounter("txs_confirmed_total", "Payout transactions confirmed on the ledger.");

    /// <summary>When this process saw the last of them, seconds since 1970; not shown before the first.</summary>
    public static Gauge LastConfirmed { get; } = Metrics.CreateGauge(
        "payout_last_confirmation_timestamp_seconds", "When the last payout was confirmed.", HostingMetrics.OnlyWhenKnown);

    /// <summary>Native balance of the account that pays for fee bumps. Alert when it is low: fee_account_balance_stroops &lt; 100000000.</summary>
    public static Gauge FeeAccountBalance { get; } = Metrics.CreateGauge(
        "fee_account_balance_stroops", "Native balance of the fee account.", HostingMetrics.OnlyWhenKnown);

    /// <summary>
    /// Fee bumps by how many the envelope has had: 1 to 5, or more. Alert when prices run away from us:
    /// increase(payout_fee_bumps_total{step="more"}[15m]) > 0.
    /// </summary>
    public static Counter FeeBumps { get; } = Metrics.CreateCounter("payout_fee_bumps_total", "Fee bumps by step.", "step");

    /// <summary>Counters whose first step an alert must see begin at 0: a series that begins at 1 has not risen.</summary>
    public static void BeginAtZero()
    {
        foreach (var status in new[] { "PENDING", "DUPLICATE", "TRY_AGAIN_LATER", "ERROR", "NOT_SENT", "UNKNOWN" })
            Submissions.WithLabels(status);
        for (var bumps = 1; bumps <= 6; bumps++)
            FeeBumps.WithLabels(StepOf(bumps));
    }

    /// <summary>The label of a step: a closed list.</summary>
    public static string StepOf(int bumps) => bumps <= 5 ? bumps.ToString(System.Globalization.CultureInfo.InvariantCulture) : "more";

    /// <summary>Envelopes whose outcome is not known yet.</summary>
    public static Gauge Pending { get; } = Metrics.CreateGauge("worker_jobs_pending", "Submissions without an outcome.");

    /// <summary>Failures by stage and code.</summary>
    public static Counter Failures { get; } = Metrics.CreateCounter("payout_failures_total", "Failures of payout steps.", "stage", "code");

    /// <summary>From the first acceptance to the outcome.</summary>
    public static Histogram StageDuration { get; } = Metrics.CreateHistogram("payout_stage_duration_seconds", "Duration of a step.", "stage");
}
