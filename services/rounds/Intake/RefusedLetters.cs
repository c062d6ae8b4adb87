using System.Security.Cryptography;
using System.Text;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Database;
using Payouts.Hosting.DeadLetters;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Observability;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Intake;

/// <summary>Tells the game what was refused, and puts parked events aside that were in vain.</summary>
internal sealed class RefusedLetters(
    UnitOfWorkFactory<RoundsDbContext> units, DatabaseOf<RoundsDbContext> database, ServiceEndpoint<RoundsDbContext> endpoint, ILogger<RefusedLetters> logger)
{
    private const string Announcements = nameof(Contracts.GameEventRefused);

    /// <summary>
    /// Publishes GameEventRefused for an event that was just received, in a transaction of its own: the event's own transaction is
    /// rolled back. A redelivery of the same message for the same reason announces nothing new.
    /// </summary>
    public async Task AnnounceAsync(GameEvent refused, Guid? messageId, Refusal refusal, CancellationToken cancellationToken)
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes($"{messageId}\n{refused.Name}\n{refused.RoundId}\n{refusal.Code}\n{refusal.Detail}"));
        await using var unit = await units.BeginAsync(cancellationToken);
        if ((await unit.AcceptAsync(Announcements, [new Guid(name.AsSpan(0, 16))], cancellationToken)).Count == 0)
            return;
        unit.Publish(refusal.Announce(refused));
        await unit.CommitAsync(cancellationToken);
        Log.EventRefused(logger, refused.Name, FieldChecks.Shorten(refused.RoundId), refusal.Code, refusal.Detail);
    }

    /// <summary>
    /// Turns a parked event into a dead letter, inside the caller's transaction. The inbox forgets its message, so that a replay of the
    /// letter is handled and not taken for a repeat.
    /// </summary>
    public async Task PutAsideAsync(Arrival arrival, Refusal refusal, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        var (gameEvent, parked) = (arrival.Event, arrival.Parked!);
        unit.Db.DeadLetters.Add(new DeadLetter
        {
            Id = database.NewMessageId(unit.Now),
            Queue = endpoint.NameOf(KebabCaseEndpointNameFormatter.Instance.SanitizeName(gameEvent.Name)),
            MessageId = arrival.MessageId,
            MessageType = Wire.UrnOf(gameEvent.Contract.GetType()),
            Body = parked.Body,
            Reason = refusal.Code.ToString(),
            Detail = refusal.Detail,
            DiedAt = unit.Now,
        });
        unit.Db.Remove(parked);
        await unit.Db.Database.ExecuteSqlAsync($"delete from inbox where consumer = {gameEvent.Name} and message_id = {arrival.MessageId}", cancellationToken);
        unit.Publish(refusal.Announce(gameEvent));
        HostingMetrics.DeadLetters.WithLabels(database.Settings.Schema).Inc();
        Log.EventRefused(logger, gameEvent.Name, gameEvent.RoundId, refusal.Code, refusal.Detail);
    }
}
