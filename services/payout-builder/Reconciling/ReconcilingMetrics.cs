using Payouts.Hosting.Observability;
using Prometheus;

namespace Payouts.Builder.Reconciling;

/// <summary>What the books show; labels are kinds of findings and the currencies of PAYOUT_TOKEN_CONTRACTS.</summary>
internal static class ReconcilingMetrics
{
    /// <summary>Findings that are so now. Alert on any, at once: payout_reconciliation_findings > 0.</summary>
    public static Gauge Findings { get; } = Metrics.CreateGauge("payout_reconciliation_findings", "Findings between the debts and the ledger.", "kind");

    /// <summary>
    /// Owed less everything that became of it, over all debts within the retention, as of the last whole sweep. 0 is right. Alert when it is
    /// not: payout_reconciliation_difference_stroops != 0. A gauge holds 53 bits: far off only when something is very wrong.
    /// </summary>
    public static Gauge Difference { get; } = Metrics.CreateGauge("payout_reconciliation_difference_stroops", "Owed less what became of it.", "currency");

    /// <summary>Ledgers that the network has and the books have not. Alert above 60 (5 minutes): payout_reconciliation_lag_ledgers > 60.</summary>
    public static Gauge Lag { get; } = Metrics.CreateGauge("payout_reconciliation_lag_ledgers", "Ledgers not taken in yet.", HostingMetrics.OnlyWhenKnown);

    /// <summary>
    /// When the books were last seen to be at the ledger's end, seconds since 1970: the lag stands still while nothing can be read. Alert when it is
    /// older than 5 minutes: time() - payout_reconciliation_read_timestamp_seconds > 300.
    /// </summary>
    public static Gauge ReadAt { get; } = Metrics.CreateGauge("payout_reconciliation_read_timestamp_seconds", "When the books last reached the ledger's end.", HostingMetrics.OnlyWhenKnown);

    /// <summary>
    /// When the last sweep over all debts ended, seconds since 1970. Alert when it is older than a day:
    /// time() - payout_reconciliation_swept_timestamp_seconds > 86400.
    /// </summary>
    public static Gauge SweptAt { get; } = Metrics.CreateGauge("payout_reconciliation_swept_timestamp_seconds", "End of the last whole sweep.", HostingMetrics.OnlyWhenKnown);
}
