using MassTransit;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Intake;

/// <summary>Where the consumers bring what they read: valid events share transactions, hopeless ones are refused on their own.</summary>
internal sealed class GameEventIntake : IAsyncDisposable
{
    private readonly Dictionary<GameEventKind, Inbox<RoundsDbContext, Arrival>> _inboxes;
    private readonly UnitOfWorkFactory<RoundsDbContext> _units;
    private readonly GameEventHandler _handler;
    private readonly RefusedLetters _letters;
    private readonly TimeProvider _time;

    public GameEventIntake(UnitOfWorkFactory<RoundsDbContext> units, GameEventHandler handler, RefusedLetters letters, TimeProvider time)
    {
        (_units, _handler, _letters, _time) = (units, handler, letters, time);
        _inboxes = new()
        {
            [GameEventKind.Opened] = new(units, nameof(Contracts.GameRoundOpened), handler.HandleAsync),
            [GameEventKind.Entered] = new(units, nameof(Contracts.GameRoundEntered), handler.HandleAsync),
            [GameEventKind.Closed] = new(units, nameof(Contracts.GameRoundClosed), handler.HandleAsync),
            [GameEventKind.Drawn] = new(units, nameof(Contracts.GameRoundDrawn), handler.HandleAsync),
        };
    }

    /// <summary>Returns when the event is applied, parked, or known as a repeat.</summary>
    /// <exception cref="RefusedMessageException">It can never be taken; the game was told.</exception>
    public async Task TakeAsync(ConsumeContext context, GameEvent gameEvent)
    {
        var refusal = await TryTakeAsync(context, gameEvent);
        if (refusal is null)
            return;
        await _letters.AnnounceAsync(gameEvent, context.MessageId, refusal, context.CancellationToken);
        throw new RefusedMessageException(refusal.Code.ToString(), refusal.Detail);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var inbox in _inboxes.Values)
            await inbox.DisposeAsync();
    }

    private async Task<Refusal?> TryTakeAsync(ConsumeContext context, GameEvent gameEvent)
    {
        if (context.MessageId is not { } messageId)
            return new Refusal([new Problem(RefusalCode.MessageIdMissing, "message_id: is absent; set the AMQP property to a UUID that is kept on every resend"), .. gameEvent.Problems]);
        var arrival = new Arrival(gameEvent, messageId, _time.GetUtcNow());
        try
        {
            if (gameEvent.Problems.Count == 0)
                await _inboxes[gameEvent.Kind].RunAsync(context, arrival);
            else
                await RefuseAloneAsync(arrival, context.CancellationToken);
            return null;
        }
        catch (GameEventRefusedException refused)
        {
            return refused.Refusal;
        }
    }

    // It will be refused, but the state of its round may have more to say; a group would be rolled back for it.
    private async Task RefuseAloneAsync(Arrival arrival, CancellationToken cancellationToken)
    {
        // Without a usable name there is no round to ask.
        if (arrival.Event.Problems.Any(problem => problem.Code == RefusalCode.RoundIdInvalid))
            throw new GameEventRefusedException(new Refusal(arrival.Event.Problems));
        await using var unit = await _units.BeginAsync(cancellationToken);
        await _handler.HandleAsync([arrival], unit, cancellationToken);
        throw new InvalidOperationException($"{arrival.Event.Name} has problems and was not refused");
    }
}
