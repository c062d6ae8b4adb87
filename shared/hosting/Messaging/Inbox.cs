using MassTransit;
using Payouts.Hosting.Database;
using Payouts.Hosting.Observability;
using Payouts.Hosting.Steps;

namespace Payouts.Hosting.Messaging;

/// <summary>
/// Handles each message once, in groups: the inbox row, the handler's changes and its outgoing messages commit in one transaction.
/// A consumer does its slow work (network, signing) first and alone, then brings the result here.
/// </summary>
/// <typeparam name="TDb">The service's database.</typeparam>
/// <typeparam name="TItem">What the consumer brings: the contract, or what it made of it.</typeparam>
public sealed class Inbox<TDb, TItem> : IAsyncDisposable
    where TDb : ServiceDbContext
{
    private readonly string _consumer;
    private readonly GroupCommit<TDb, TItem>.GroupHandler _handle;
    private readonly GroupCommit<TDb, Received> _groups;
    private readonly ServiceSteps _steps;

    /// <summary><paramref name="consumer"/> names the handler in the inbox; renaming it makes old messages new again.</summary>
    public Inbox(UnitOfWorkFactory<TDb> units, string consumer, GroupCommit<TDb, TItem>.GroupHandler handle, int groupSizeMax = 100)
    {
        (_consumer, _handle, _steps) = (consumer, handle, units.Steps);
        _groups = new GroupCommit<TDb, Received>(units, HandleAsync, groupSizeMax);
    }

    /// <summary>Told of each message that is no repeat, inside its transaction and before it is handled, with the id that the sender gave it.</summary>
    public Action<UnitOfWork<TDb>, Guid, TItem>? Accepted { get; init; }

    /// <summary>Returns when the message is handled for good, now or by an earlier delivery; only then may it be acknowledged.</summary>
    /// <param name="context">The message.</param>
    /// <param name="item">What the consumer made of it.</param>
    /// <param name="step">Tells the messages of one consumer apart in the names of their step points.</param>
    /// <exception cref="RefusedMessageException">The sender gave no message id, so a repeat could not be told from a new message.</exception>
    public async Task RunAsync(ConsumeContext context, TItem item, string? step = null)
    {
        if (context.MessageId is not { } messageId)
            throw new RefusedMessageException("MessageIdMissing", "the message has no message_id; set the AMQP property message_id to a UUID that is kept on every resend");
        var worker = step is null || !_steps.AreWatched ? _consumer : $"{_consumer}/{step}";
        await _groups.RunAsync(new Received(messageId, item, worker), context.CancellationToken);
        _steps.Pass(worker, "before-acknowledge");
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    private async Task HandleAsync(IReadOnlyList<Received> received, UnitOfWork<TDb> unit, CancellationToken cancellationToken)
    {
        var once = received.DistinctBy(x => x.MessageId).ToList();
        var accepted = await unit.AcceptAsync(_consumer, once.ConvertAll(x => x.MessageId), cancellationToken);
        HostingMetrics.RepeatedMessages.WithLabels(_consumer).Inc(received.Count - accepted.Count);
        HostingMetrics.GroupSize.WithLabels(_consumer).Observe(accepted.Count);
        var fresh = once.Where(x => accepted.Contains(x.MessageId)).ToList();
        if (_steps.AreWatched)
            unit.ActsFor([.. fresh.Select(x => x.Worker).Distinct()]);
        foreach (var message in Accepted is null ? [] : fresh)
            Accepted!(unit, message.MessageId, message.Item);
        if (fresh.Count > 0)
            await _handle(fresh.ConvertAll(x => x.Item), unit, cancellationToken);
    }

    private sealed record Received(Guid MessageId, TItem Item, string Worker);
}
