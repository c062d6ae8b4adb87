using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Cancelling;
using Payouts.Rounds.Game;
using Payouts.Rounds.Intake;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Web;

namespace Payouts.Rounds.Doors;

/// <summary>
/// Takes what comes over HTTP through the same handler as the messages, in one transaction with the request's key and answer. Nothing is parked
/// here: what is too early is refused, and its sender, who waits for the answer, sends it again.
/// </summary>
internal sealed class RoundDoor(KeyedRequests requests, GameEventHandler handler, RoundCancellation cancellation)
{
    /// <exception cref="GameEventRefusedException">The event or the round refuses it.</exception>
    /// <exception cref="DoorRefusedException">The key was used for something else.</exception>
    public Task<DoorAnswer> TakeAsync(DoorRequest request, GameEvent gameEvent, string? resolutionHash, CancellationToken cancellationToken)
    {
        // Without a usable name there is no round to ask.
        if (gameEvent.Problems.Any(problem => problem.Code == RefusalCode.RoundIdInvalid))
            throw new GameEventRefusedException(new Refusal(gameEvent.Problems));
        var door = new AtDoor(request.Caller.Name, request.Key, resolutionHash);
        return OnceAsync(request, gameEvent.RoundId, async unit =>
        {
            await handler.HandleAsync([new Arrival(gameEvent, unit.NewId(), unit.Now) { Door = door }], unit, cancellationToken);
            if (resolutionHash is not null)
                await CompareAsync(unit, gameEvent.RoundId, resolutionHash, cancellationToken);
        }, cancellationToken);
    }

    /// <exception cref="GameEventRefusedException">The round cannot be cancelled.</exception>
    /// <exception cref="DoorRefusedException">The key was used for something else.</exception>
    public Task<DoorAnswer> CancelAsync(DoorRequest request, string roundId, string by, string why, CancellationToken cancellationToken) => OnceAsync(request, roundId, async unit =>
    {
        if (await cancellation.CancelAsync(unit, roundId, by, why, cancellationToken) is { } refusal)
            throw new GameEventRefusedException(refusal);
    }, cancellationToken);

    private Task<DoorAnswer> OnceAsync(DoorRequest request, string roundId, Func<UnitOfWork<RoundsDbContext>, Task> work, CancellationToken cancellationToken) => requests.AnswerAsync(request, async unit =>
    {
        await work(unit);
        var round = unit.Db.Rounds.Local.Single(x => x.Id == roundId);
        var status = unit.Db.Entry(round).State == EntityState.Added ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return new DoorAnswer(status, DoorAnswers.Write(new RoundAnswer(RoundView.Of(round))));
    }, cancellationToken);

    // A repeat of a draw changes nothing, and still must not tell its sender that something else than what was resolved has been taken.
    private static async Task CompareAsync(UnitOfWork<RoundsDbContext> unit, string roundId, string seen, CancellationToken cancellationToken)
    {
        var kept = unit.Db.Resolutions.Local.SingleOrDefault(x => x.RoundId == roundId)
            ?? await unit.Db.Resolutions.AsNoTracking().SingleOrDefaultAsync(x => x.RoundId == roundId, cancellationToken);
        if (kept?.OutcomeHash != seen)
            throw new GameEventRefusedException(RoundResolver.Differs(roundId));
    }
}
