using System.Text.Json;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Webhooks;

/// <summary>
/// Writes a delivery for each endpoint that wants an event: of what this service publishes, and of what it hears about payouts. Always in the
/// transaction of the event itself.
/// </summary>
internal sealed class WebhookWriter(WebhookEndpoints endpoints, WebhookSignal signal) : IPublishedListener<RoundsDbContext>
{
    /// <inheritdoc />
    public void Published(UnitOfWork<RoundsDbContext> unit, OutboxMessage message, object contract) => Write(unit, message.MessageId, contract, message.Body);

    /// <summary>The game is told what payout-builder told us.</summary>
    public void Heard(UnitOfWork<RoundsDbContext> unit, Guid messageId, object contract) =>
        Write(unit, messageId, contract, JsonSerializer.SerializeToUtf8Bytes(contract, contract.GetType(), ContractsJson.Options));

    private void Write(UnitOfWork<RoundsDbContext> unit, Guid messageId, object contract, byte[] body)
    {
        if (WebhookEvents.RoundOf(contract) is not { } roundId)
            return;
        var name = contract.GetType().Name;
        var wanting = endpoints.Current.Where(endpoint => endpoint.Events.Contains(name)).ToList();
        foreach (var endpoint in wanting)
            unit.Db.Add(WebhookDelivery.Of(endpoint.Name, messageId, name, roundId, body, unit.Now));
        if (wanting.Count > 0)
            unit.AfterCommit(signal.Set);
    }
}

/// <summary>Wakes the pump when there is something to send.</summary>
internal sealed class WebhookSignal : WakeSignal;
