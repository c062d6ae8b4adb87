using Payouts.Hosting.Observability;
using Prometheus;

namespace Payouts.Builder;

/// <summary>What payout-builder counts; labels are state, event, stage and code names.</summary>
internal static class BuilderMetrics
{
    /// <summary>Payouts by state now. Alert on any OnHold: payouts_in_state{state="OnHold"} > 0.</summary>
    public static Gauge InState { get; } = Metrics.CreateGauge("payouts_in_state", "Payouts by state.", "state");

    /// <summary>How long the payout that has been longest in a state is there. Alert when a working state exceeds 10 minutes.</summary>
    public static Gauge OldestInState { get; } = Metrics.CreateGauge("payout_oldest_in_state_seconds", "Age of the oldest payout in a state.", "state");

    /// <summary>State changes.</summary>
    public static Counter Transitions { get; } = Metrics.CreateCounter("payout_transitions_total", "State changes of payouts.", "from", "to");

    /// <summary>Events that changed nothing because they were late, repeated or of an older build.</summary>
    public static Counter StaleEvents { get; } = Metrics.CreateCounter("payout_stale_events_total", "Events that changed nothing.", "event", "state");

    /// <summary>Failures by stage and code.</summary>
    public static Counter Failures { get; } = Metrics.CreateCounter("payout_failures_total", "Failures of payout steps.", "stage", "code");

    /// <summary>How long the build step takes.</summary>
    public static Histogram StageDuration { get; } = Metrics.CreateHistogram("payout_stage_duration_seconds", "Duration of a step.", "stage");

    /// <summary>Channels by state: free, leased, missing, retiring, drained. Alert when none is free for 10 minutes while payouts wait.</summary>
    public static Gauge Channels { get; } = Metrics.CreateGauge("channel_accounts", "Channel accounts by state.", "state");

    /// <summary>Native balance of the payout source account, reserves included. Alert when it is low: source_account_balance_stroops &lt; 100000000.</summary>
    public static Gauge SourceBalance { get; } = Metrics.CreateGauge(
        "source_account_balance_stroops", "Native balance of the payout source account.", HostingMetrics.OnlyWhenKnown);

    /// <summary>Native balance of the poorest channel that exists. Alert when it is low: channel_account_balance_min_stroops &lt; 20000000.</summary>
    public static Gauge PoorestChannel { get; } = Metrics.CreateGauge(
        "channel_account_balance_min_stroops", "Native balance of the poorest channel account.", HostingMetrics.OnlyWhenKnown);

    /// <summary>Decisions of humans by kind and what became of them. No alert; proposals that wait: GET /decisions?open=true.</summary>
    public static Counter Decisions { get; } = Metrics.CreateCounter("payout_decisions_total", "Decisions of humans.", "kind", "status");
}
