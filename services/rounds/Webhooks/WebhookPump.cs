using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Background;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Webhooks;

/// <summary>
/// Sends what is due. Each endpoint has a lane of its own with few places, so that a slow one holds up nobody else, and no transaction is open while something is
/// on its way: deliveries are leased, sent, and recorded. A replica that dies in between leaves its lease to end, and what it sent is sent again
/// under the same webhook-id.
/// </summary>
internal sealed class WebhookPump(
    UnitOfWorkFactory<RoundsDbContext> units, IDbContextFactory<RoundsDbContext> contexts, WebhookEndpoints endpoints, WebhookSender sender, WebhookSignal signal,
    WebhookOptions options, IStepPoints points, TimeProvider time, ILogger<WebhookPump> logger)
    : BackgroundLoop("sending webhooks", time, logger)
{
    // The first of its round alone: those behind it wait for its end.
    private const string Due =
        """
        select * from webhook_deliveries where endpoint = {0} and state = 'Waiting' and due_at <= {1}
            and not exists (select 1 from webhook_deliveries earlier where earlier.endpoint = webhook_deliveries.endpoint
                and earlier.round_id = webhook_deliveries.round_id and earlier.state = 'Waiting' and earlier.id < webhook_deliveries.id)
        order by due_at, id limit {2}
        """;

    private readonly Dictionary<string, List<Task>> _lanes = new(StringComparer.Ordinal);
    private DateTimeOffset _measuredAt;

    /// <inheritdoc />
    protected override TimeSpan Pause => options.PollInterval;

    /// <summary>Sends everything that is due, and returns when nothing is left: for whoever drives the pump instead of its clock.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (await FillAsync(cancellationToken) > 0)
        {
            await Task.WhenAll(_lanes.Values.SelectMany(lane => lane)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ReapAsync();
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_lanes.Values.SelectMany(lane => lane)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await ReapAsync();
        await FillAsync(cancellationToken);
        if (Time.GetUtcNow() - _measuredAt >= options.MeasureInterval)
        {
            _measuredAt = Time.GetUtcNow();
            await MeasureAsync(cancellationToken);
            await GiveUpUnlistedAsync(cancellationToken);
        }

        return false;
    }

    /// <inheritdoc />
    protected override Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken) => signal.WaitAsync(pause, cancellationToken);

    /// <summary>What went wrong in a send, such as a database that was away, is told once; its lease ends by itself.</summary>
    private Task ReapAsync()
    {
        var ended = _lanes.Values.SelectMany(lane => lane).Where(send => send.IsCompleted).ToList();
        foreach (var lane in _lanes.Values)
            lane.RemoveAll(ended.Contains);
        return Task.WhenAll(ended);
    }

    /// <summary>Starts what is due for each endpoint, as far as it has room; returns how many.</summary>
    private async Task<int> FillAsync(CancellationToken cancellationToken)
    {
        var started = 0;
        foreach (var endpoint in endpoints.Current)
        {
            if (!_lanes.TryGetValue(endpoint.Name, out var lane))
                _lanes[endpoint.Name] = lane = [];
            var room = WebhookOptions.SendsAtOnceMax - lane.Count;
            if (room == 0 || !await IsDueAsync(endpoint.Name, cancellationToken))
                continue;
            var (lease, taken) = await units.RunAsync(unit => ClaimAsync(endpoint.Name, room, unit, cancellationToken), cancellationToken, "claim");
            lane.AddRange(taken.Where(x => x.State == WebhookState.Waiting).Select(delivery => DeliverAsync(endpoint, lease, delivery, cancellationToken)));
            started += taken.Count;
        }

        return started;
    }

    private async Task<(Guid Lease, IReadOnlyList<WebhookDelivery> Taken)> ClaimAsync(string endpoint, int room, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        var lease = unit.NewId();
        var due = await unit.LockAsync<RoundsDbContext, WebhookDelivery>(Due, skipLocked: true, [endpoint, unit.Now.UtcDateTime, room], cancellationToken);
        foreach (var delivery in due)
        {
            // The last try was taken by a replica that never said how it ended.
            if (delivery.Tries >= WebhookOptions.TriesMax)
                GiveUp(delivery, "the sender ended in its last try", unit);
            else
                delivery.Take(lease, unit.Now + options.LeaseTimeMax);
        }

        return (lease, due);
    }

    private async Task DeliverAsync(WebhookEndpoint endpoint, Guid lease, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        points.Pass("rounds/WebhookPump/before-send");
        var result = await sender.SendAsync(endpoint, delivery, cancellationToken);
        points.Pass("rounds/WebhookPump/sent");
        await units.RunAsync(async unit =>
        {
            var rows = await unit.LockAsync<RoundsDbContext, WebhookDelivery>("select * from webhook_deliveries where id = {0}", skipLocked: false, [delivery.Id], cancellationToken);
            foreach (var row in rows)
                Record(row, lease, result, unit);
            return rows.Count;
        }, cancellationToken, "record");
        // There is room for one more, and what waited behind it in its round may go.
        signal.Set();
    }

    private void Record(WebhookDelivery row, Guid lease, WebhookResult result, UnitOfWork<RoundsDbContext> unit)
    {
        unit.AfterCommit(() =>
        {
            WebhookMetrics.Tried(result.Outcome);
            if (result.Outcome != WebhookOutcome.Delivered)
                Log.WebhookMissed(logger, row.Endpoint, row.Id, row.Event, row.RoundId, row.Tries, result.Outcome, result.Detail);
        });
        if (result.Outcome == WebhookOutcome.Delivered && row.State == WebhookState.Waiting)
            row.Deliver(result.Detail, unit.Now);
        // Whoever took the lease over tells how it ended.
        else if (row.Lease != lease)
            return;
        else if (row.Tries >= WebhookOptions.TriesMax)
            GiveUp(row, $"{result.Outcome}: {result.Detail}", unit);
        else
            row.Postpone(result.Outcome, result.Detail, unit.Now, unit.Now + options.PauseAfter(row.MessageId, row.Tries, result.AskedPause));
    }

    private void GiveUp(WebhookDelivery row, string detail, UnitOfWork<RoundsDbContext> unit)
    {
        row.GiveUp(WebhookOutcome.GivenUp, ForeignText.Cut(detail, WebhookOptions.DetailLengthMax), unit.Now);
        unit.AfterCommit(() =>
        {
            WebhookMetrics.Tried(WebhookOutcome.GivenUp);
            Log.WebhookGivenUp(logger, row.Endpoint, row.Id, row.Event, row.RoundId, detail);
        });
    }

    private async Task<bool> IsDueAsync(string endpoint, CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Webhooks.AnyAsync(x => x.Endpoint == endpoint && x.State == WebhookState.Waiting && x.DueAt <= now, cancellationToken);
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var oldest = await db.Webhooks.Where(x => x.State == WebhookState.Waiting).MinAsync(x => (DateTimeOffset?)(x.ReplayedAt ?? x.CreatedAt), cancellationToken);
        WebhookMetrics.Waits(oldest is { } since ? Time.GetUtcNow() - since : TimeSpan.Zero);
    }

    /// <summary>Nobody sends what waits for an endpoint that the file lists no more; replicas may read a new file at different times, so it gets a while.</summary>
    private Task<int> GiveUpUnlistedAsync(CancellationToken cancellationToken) => units.RunAsync(async unit =>
    {
        var old = await unit.LockAsync<RoundsDbContext, WebhookDelivery>("select * from webhook_deliveries where state = 'Waiting' and due_at <= {0} order by id limit {1}",
            skipLocked: true, [(unit.Now - options.UnlistedAgeMax).UtcDateTime, WebhookOptions.BatchMax], cancellationToken);
        var unlisted = old.Where(x => endpoints.Find(x.Endpoint) is null).ToList();
        foreach (var row in unlisted)
            GiveUp(row, "the endpoint is not in the file any more", unit);
        return unlisted.Count;
    }, cancellationToken, "unlisted");
}
