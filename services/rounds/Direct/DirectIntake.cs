using System.Security.Cryptography;
using System.Text;
using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Game;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Direct;

/// <summary>Takes requests that come as messages; what is refused goes to the dead letters, and the game is told.</summary>
internal sealed class DirectIntake : IAsyncDisposable
{
    private readonly Inbox<RoundsDbContext, DirectRequest> _inbox;
    private readonly UnitOfWorkFactory<RoundsDbContext> _units;
    private readonly ILogger<DirectIntake> _logger;

    public DirectIntake(UnitOfWorkFactory<RoundsDbContext> units, DirectDesk desk, ILogger<DirectIntake> logger)
    {
        (_units, _logger) = (units, logger);
        _inbox = new Inbox<RoundsDbContext, DirectRequest>(units, nameof(DirectPayoutRequested), desk.OrderAsync);
    }

    /// <summary>Returns when the payout is ordered, now or before.</summary>
    /// <exception cref="RefusedMessageException">It is not taken; the game was told.</exception>
    public async Task TakeAsync(ConsumeContext<DirectPayoutRequested> context)
    {
        var request = DirectRequest.Read(context.Message);
        try
        {
            if (context.MessageId is null)
                throw new GameEventRefusedException(new Refusal([new Problem(RefusalCode.MessageIdMissing, "message_id: is absent; set the AMQP property to a UUID that is kept on every resend"), .. request.Problems]));
            await _inbox.RunAsync(context, request);
        }
        catch (GameEventRefusedException refused)
        {
            await AnnounceAsync(request, context.MessageId, refused.Refusal, context.CancellationToken);
            throw new RefusedMessageException(refused.Refusal.Code.ToString(), refused.Refusal.Detail);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _inbox.DisposeAsync();

    /// <summary>In a transaction of its own, since the request's is rolled back; a redelivery for the same reason announces nothing new.</summary>
    private async Task AnnounceAsync(DirectRequest request, Guid? messageId, Refusal refusal, CancellationToken cancellationToken)
    {
        var name = SHA256.HashData(Encoding.UTF8.GetBytes($"{messageId}\n{nameof(DirectPayoutRequested)}\n{request.Reference}\n{refusal.Code}\n{refusal.Detail}"));
        await using var unit = await _units.BeginAsync(cancellationToken);
        if ((await unit.AcceptAsync(nameof(GameEventRefused), [new Guid(name.AsSpan(0, 16))], cancellationToken)).Count == 0)
            return;
        var roundId = DirectName.Of(ForeignText.Cut(request.Reference, RoundLimits.ReferenceLengthMax));
        unit.Publish(new GameEventRefused { RoundId = roundId, Event = nameof(DirectPayoutRequested), Code = refusal.Code.ToString(), Problems = refusal.Texts });
        await unit.CommitAsync(cancellationToken);
        Log.EventRefused(_logger, nameof(DirectPayoutRequested), FieldChecks.Shorten(roundId), refusal.Code, refusal.Detail);
    }
}
