using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Webhooks;

/// <summary>A human has a delivery sent again, with all its tries anew and under the same webhook-id.</summary>
internal sealed class WebhookReplays(UnitOfWorkFactory<RoundsDbContext> units, WebhookEndpoints endpoints, WebhookSignal signal)
{
    /// <summary>One delivery, whatever became of it: one that waits goes out now.</summary>
    /// <returns>Whether there is such a delivery, and why it is not sent again.</returns>
    public Task<(bool Found, string? Problem)> ReplayAsync(long id, string by, CancellationToken cancellationToken) => units.RunAsync<(bool, string?)>(async unit =>
    {
        var rows = await unit.LockAsync<RoundsDbContext, WebhookDelivery>("select * from webhook_deliveries where id = {0}", skipLocked: false, [id], cancellationToken);
        if (rows is not [var row])
            return (false, null);
        if (endpoints.Find(row.Endpoint) is null)
            return (true, $"the endpoint \"{row.Endpoint}\" is not in the file any more");
        if (row.IsLeased(unit.Now))
            return (true, "it is being sent at this moment");
        row.Replay(by, unit.Now);
        unit.AfterCommit(signal.Set);
        return (true, null);
    }, cancellationToken);

    /// <summary>What was given up for an endpoint, the oldest first.</summary>
    /// <returns>How many, and whether there are more; null: the file does not list the endpoint.</returns>
    public async Task<(int Replayed, bool More)?> ReplayFailedAsync(string endpoint, string by, CancellationToken cancellationToken) =>
        endpoints.Find(endpoint) is null ? null : await units.RunAsync<(int, bool)>(async unit =>
        {
            var rows = await unit.LockAsync<RoundsDbContext, WebhookDelivery>("select * from webhook_deliveries where endpoint = {0} and state = 'Failed' order by id limit {1}",
                skipLocked: false, [endpoint, WebhookOptions.BatchMax], cancellationToken);
            foreach (var row in rows)
                row.Replay(by, unit.Now);
            unit.AfterCommit(signal.Set);
            return (rows.Count, rows.Count == WebhookOptions.BatchMax);
        }, cancellationToken);
}
