using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Npgsql;
using Prometheus;

namespace Payouts.Hosting.Observability;

/// <summary>
/// Shows chosen instruments of libraries' own meters at /metrics. The adapter of prometheus-net shows all of them, with every tag that they have (the
/// driver's pool is named by its connection string), calls counters gauges, and hears nothing before the first scrape; hence this table.
/// </summary>
internal static class MeterBridge
{
    private const string Bus = "MassTransit", Driver = "Npgsql", Runtime = "System.Runtime";
    private const string Destination = "messaging.masstransit.destination", Pool = "db.client.connection.pool.name", State = "db.client.connection.state";
    private const double Milliseconds = 0.001;

    private static readonly HistogramConfiguration Durations = new() { Buckets = Histogram.ExponentialBuckets(0.001, 2, 15) };

    /// <summary>One row an instrument; labels come from closed lists: queues and exchanges of our contracts, services' databases, states.</summary>
    private static readonly IReadOnlyList<Row> Rows =
    [
        Counted(Bus, "messaging.masstransit.receive", Metrics.CreateCounter("masstransit_receive_total", "Messages received.", "queue"), Destination),
        Counted(Bus, "messaging.masstransit.receive.errors", Metrics.CreateCounter("masstransit_receive_errors_total", "Messages whose handling failed.", "queue"), Destination),
        Counted(Bus, "messaging.masstransit.consume.retries", Metrics.CreateCounter("masstransit_consume_retries_total", "Retries of consumers.", "queue"), Destination),
        Shown(Bus, "messaging.masstransit.receive.active", Metrics.CreateGauge("masstransit_receive_active", "Messages in handling.", "queue"), Destination),
        Timed(Bus, "messaging.masstransit.receive.duration", Metrics.CreateHistogram("masstransit_receive_duration_seconds", "Handling of a message.", ["queue"], Durations), Milliseconds, Destination),
        Counted(Bus, "messaging.masstransit.send", Metrics.CreateCounter("masstransit_send_total", "Messages given to the broker.", "exchange"), Destination),
        Counted(Bus, "messaging.masstransit.send.errors", Metrics.CreateCounter("masstransit_send_errors_total", "Messages that the broker did not take.", "exchange"), Destination),
        Shown(Driver, "db.client.connection.count", Metrics.CreateGauge("npgsql_connections", "Connections of the pool.", "database", "state"), Pool, State),
        Shown(Driver, "db.client.connection.max", Metrics.CreateGauge("npgsql_connections_max", "Connections that the pool may have.", "database"), Pool),
        Shown(Driver, "db.client.connection.npgsql.pending_requests", Metrics.CreateGauge("npgsql_connections_awaited", "Callers that wait for a connection.", "database"), Pool),
        Counted(Driver, "db.client.connection.npgsql.timeouts", Metrics.CreateCounter("npgsql_connection_timeouts_total", "Callers that got no connection in time.", "database"), Pool),
        Timed(Driver, "db.client.operation.duration", Metrics.CreateHistogram("npgsql_command_duration_seconds", "Commands of the database.", ["database"], Durations), 1, Pool),
        Counted(Driver, "db.client.operation.failed", Metrics.CreateCounter("npgsql_command_failures_total", "Commands that failed.", "database"), Pool),
        Counted(Runtime, "dotnet.gc.pause.time", Metrics.CreateCounter("dotnet_gc_pause_seconds_total", "Time that the process stood still for the garbage collection.")),
        Counted(Runtime, "dotnet.exceptions", Metrics.CreateCounter("dotnet_exceptions_total", "Exceptions thrown, handled ones included.")),
        Shown(Runtime, "dotnet.thread_pool.queue.length", Metrics.CreateGauge("dotnet_thread_pool_queue_length", "Work that waits for a thread.")),
    ];

    private static readonly Counter Lost = Metrics.CreateCounter("meter_bridge_lost_total", "Measurements of libraries that could not be shown.");

    private static readonly ConcurrentDictionary<string, string> Schemas = new(StringComparer.Ordinal);

    private static readonly Lazy<MeterListener> Listener = new(Listen);

    /// <summary>Hears the meters from now on, once a process.</summary>
    public static void Start() => _ = Listener.Value;

    private static MeterListener Listen()
    {
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressMeters = true, SuppressEventCounters = true, SuppressDebugMetrics = true });
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (Rows.FirstOrDefault(row => row.Meter == instrument.Meter.Name && row.Instrument == instrument.Name) is { } row)
                    listener.EnableMeasurementEvents(instrument, row);
            },
        };
        listener.SetMeasurementEventCallback<int>(static (instrument, value, tags, row) => Record(instrument, value, tags, row));
        listener.SetMeasurementEventCallback<long>(static (instrument, value, tags, row) => Record(instrument, value, tags, row));
        listener.SetMeasurementEventCallback<double>(static (instrument, value, tags, row) => Record(instrument, value, tags, row));
        listener.Start();
        Metrics.DefaultRegistry.AddBeforeCollectCallback(listener.RecordObservableInstruments);
        return listener;
    }

    private static void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var row = (Row)state!;
        try
        {
            var labels = new string[row.Tags.Count];
            for (var i = 0; i < labels.Length; i++)
                labels[i] = ValueOf(tags, row.Tags[i]);
            row.Record(labels, value, instrument.IsObservable);
        }
        catch (Exception)
        {
            // Whoever measures is in the middle of a message or a command of the database, and must not fail for a number that is not shown.
            Lost.Inc();
        }
    }

    private static string ValueOf(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (tag, value) in tags)
        {
            if (tag == name)
                return value?.ToString() is { } text ? (tag == Pool ? Schemas.GetOrAdd(text, SchemaOf) : text) : "";
        }

        return "";
    }

    /// <summary>The driver names a pool by its connection string, without the password. The schema is the service; what has no pool, as the migrations, is the other.</summary>
    private static string SchemaOf(string pool)
    {
        var settings = new NpgsqlConnectionStringBuilder(pool);
        return settings is { Pooling: true, SearchPath: { Length: > 0 } schema } ? schema : "other";
    }

    private static Row Counted(string meter, string instrument, Counter counter, params string[] tags) => new(meter, instrument, tags, (labels, value, isTotal) =>
    {
        if (isTotal)
            counter.WithLabels(labels).IncTo(value);
        else
            counter.WithLabels(labels).Inc(value);
    });

    private static Row Shown(string meter, string instrument, Gauge gauge, params string[] tags) => new(meter, instrument, tags, (labels, value, isTotal) =>
    {
        if (isTotal)
            gauge.WithLabels(labels).Set(value);
        else
            gauge.WithLabels(labels).Inc(value);
    });

    private static Row Timed(string meter, string instrument, Histogram histogram, double unit, params string[] tags) =>
        new(meter, instrument, tags, (labels, value, _) => histogram.WithLabels(labels).Observe(value * unit));

    /// <param name="Meter">The library's meter.</param>
    /// <param name="Instrument">Its instrument.</param>
    /// <param name="Tags">Whose values become the labels, in their order.</param>
    /// <param name="Record">Takes labels, value, and whether the value is the whole instead of a step.</param>
    private sealed record Row(string Meter, string Instrument, IReadOnlyList<string> Tags, Action<string[], double, bool> Record);
}
