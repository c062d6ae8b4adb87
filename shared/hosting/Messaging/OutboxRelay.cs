using Payouts.Hosting.Background;
using System.Collections.Concurrent;
using System.Reflection;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Database;
using Payouts.Hosting.Observability;

namespace Payouts.Hosting.Messaging;

/// <summary>
/// Ships committed messages: lock a batch, send it with publisher confirms, delete it, commit. A crash in between sends some
/// messages again under the same id; inboxes take that. Several replicas share the work through SKIP LOCKED.
/// </summary>
public sealed partial class OutboxRelay<TDb>(UnitOfWorkFactory<TDb> units, DatabaseOf<TDb> database, IBus bus, TimeProvider time, ILogger<OutboxRelay<TDb>> logger)
    : BackgroundLoop("shipping the outbox", time, logger)
    where TDb : ServiceDbContext
{
    private const int BatchSizeMax = 200;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(15);

    private static readonly string[] Worker = ["outbox"];

    private readonly ConcurrentDictionary<string, Func<Task<ISendEndpoint>>> _endpoints = new();

    /// <inheritdoc />
    protected override TimeSpan Pause => PollInterval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        // Database or broker away: what is committed stays in the outbox and goes out when they are back.
        if (await ShipBatchAsync(cancellationToken) > 0)
            return true;
        await MeasureAsync(cancellationToken);
        return false;
    }

    /// <inheritdoc />
    protected override Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken) => database.RelaySignal.WaitAsync(pause, cancellationToken);

    private async Task<int> ShipBatchAsync(CancellationToken cancellationToken)
    {
        // SQLite has one writer: holding its transaction while sending would stop every handler.
        var holdLocks = units.Dialect.WriterGate is null;
        var unit = await units.BeginAsync(cancellationToken);
        unit.ActsFor(Worker);
        try
        {
            var batch = await units.Dialect.LockDueAsync(unit.Transaction, BatchSizeMax, unit.Now, cancellationToken);
            if (batch.Count == 0)
                return 0;
            if (!holdLocks)
            {
                await unit.DisposeAsync();
                unit = null!;
            }

            PassEach(batch, "before-send");
            var unsent = await SendAsync(batch, cancellationToken);
            PassEach(batch.Where(message => !unsent.Contains(message.Id)), "sent");
            unit ??= await units.BeginAsync(cancellationToken);
            unit.ActsFor(Worker);
            var sent = batch.Where(message => !unsent.Contains(message.Id)).Select(message => message.Id).ToList();
            if (sent.Count > 0)
                await units.Dialect.RemoveAsync(unit.Transaction, sent, cancellationToken);
            if (unsent.Count > 0)
                await units.Dialect.PostponeAsync(unit.Transaction, [.. unsent], unit.Now + PauseAfterFailure, cancellationToken);
            unit.Changed();
            await unit.CommitAsync(cancellationToken);
            return sent.Count;
        }
        finally
        {
            if (unit is not null)
                await unit.DisposeAsync();
        }
    }

    private void PassEach(IEnumerable<StoredMessage> messages, string moment)
    {
        if (!units.Steps.AreWatched)
            return;
        foreach (var type in messages.Select(message => message.MessageType).Distinct().Order(StringComparer.Ordinal))
            units.Steps.Pass($"outbox/{type[(type.LastIndexOf(':') + 1)..]}", moment);
    }

    /// <summary>Sends the batch in parallel; returns the rows that the broker did not take.</summary>
    private async Task<HashSet<long>> SendAsync(IReadOnlyList<StoredMessage> batch, CancellationToken cancellationToken)
    {
        // A publish without a bound waits for ever while the broker is away, and not every wait inside it heeds the token. One that
        // is given up may still arrive: it is sent again under the same id, and the inbox takes that.
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(SendTimeout);
        var outcomes = await Task.WhenAll(batch.Select(async message =>
        {
            try
            {
                var endpoint = await EndpointOf(message).WaitAsync(timeout.Token);
                await endpoint.Send(new SerializedMessageBody(), new StoredMessagePipe(message), timeout.Token).WaitAsync(timeout.Token);
                return (message, Failure: (Exception?)null);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                return (message, Failure: failure);
            }
        }));

        foreach (var kind in outcomes.Where(x => x.Failure is not null).GroupBy(x => (x.message.MessageType, x.Failure!.Message)))
            MessagesKept(logger, database.Settings.Schema, kind.Count(), kind.Key.MessageType, kind.Key.Message);
        return [.. outcomes.Where(x => x.Failure is not null).Select(x => x.message.Id)];
    }

    // The exchange of the queue's own name, which is declared with it: sending to the queue would declare that anew, as another kind.
    private Task<ISendEndpoint> EndpointOf(StoredMessage message) =>
        message.Queue is { } queue ? bus.GetSendEndpoint(new Uri($"exchange:{queue}")) : PublishEndpointOf(message.MessageType)();

    private Func<Task<ISendEndpoint>> PublishEndpointOf(string messageType) => _endpoints.GetOrAdd(messageType, urn =>
        (Func<Task<ISendEndpoint>>)typeof(IPublishEndpointProvider)
            .GetMethod(nameof(IPublishEndpointProvider.GetPublishSendEndpoint), BindingFlags.Public | BindingFlags.Instance)!
            .MakeGenericMethod(Wire.TypeOf(urn))
            .CreateDelegate(typeof(Func<Task<ISendEndpoint>>), bus));

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await using var unit = await units.BeginAsync(cancellationToken);
        var (count, oldest) = await units.Dialect.OutboxStateAsync(unit.Transaction.Connection!, cancellationToken);
        HostingMetrics.OutboxPending.WithLabels(database.Settings.Schema).Set(count);
        HostingMetrics.OutboxOldest.WithLabels(database.Settings.Schema).Set(oldest is { } since ? Math.Max(0, (unit.Now - since).TotalSeconds) : 0);
    }

    [LoggerMessage(LogLevel.Warning, "{service}: {count} messages {messageType} stay in the outbox, the broker did not take them (is the service that consumes them deployed?): {reason}")]
    private static partial void MessagesKept(ILogger logger, string service, int count, string messageType, string reason);
}
