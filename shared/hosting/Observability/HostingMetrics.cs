using Prometheus;

namespace Payouts.Hosting.Observability;

/// <summary>What the shared plumbing counts. Labels come from closed lists: consumer, service and setting names.</summary>
public static class HostingMetrics
{
    /// <summary>Of a gauge that shows nothing before it was set: what nobody has read is no balance of 0, and no time in 1970.</summary>
    public static GaugeConfiguration OnlyWhenKnown { get; } = new() { SuppressInitialValue = true };

    /// <summary>Deliveries of messages that were handled before. A steady rate is normal after a restart, a rising one is a sender that repeats.</summary>
    public static Counter RepeatedMessages { get; } = Metrics.CreateCounter(
        "inbox_repeated_messages_total", "Deliveries that the inbox recognised as repeats.", "consumer");

    /// <summary>How many messages share one transaction; 1 under light load.</summary>
    public static Histogram GroupSize { get; } = Metrics.CreateHistogram(
        "inbox_group_size", "Messages handled in one transaction.", ["consumer"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(1, 2, 8) });

    /// <summary>Age of the oldest unsent message. Alert above 60 s: max(outbox_oldest_message_seconds) > 60.</summary>
    public static Gauge OutboxOldest { get; } = Metrics.CreateGauge(
        "outbox_oldest_message_seconds", "Age of the oldest message that waits in the outbox.", "service");

    /// <summary>Messages that wait in the outbox.</summary>
    public static Gauge OutboxPending { get; } = Metrics.CreateGauge(
        "outbox_pending_messages", "Messages that wait in the outbox.", "service");

    /// <summary>Messages put aside. Alert on any: increase(dead_letters_total[10m]) > 0.</summary>
    public static Counter DeadLetters { get; } = Metrics.CreateCounter(
        "dead_letters_total", "Messages that no retry could handle.", "service");

    /// <summary>1 while a file of a setting that is read at run time cannot be used. Alert: above 0 for 5 minutes; the old content still counts.</summary>
    public static Gauge UnusableFiles { get; } = Metrics.CreateGauge(
        "settings_file_unusable", "1 while a file that a setting names cannot be used.", "setting");
}
