using Microsoft.EntityFrameworkCore;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Web;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Doors;

/// <summary>Takes a request once under its Idempotency-Key: key, answer and everything that the request changed are one transaction.</summary>
internal sealed class KeyedRequests(UnitOfWorkFactory<RoundsDbContext> units)
{
    /// <summary>What <paramref name="work"/> answers, or what was answered under the key before.</summary>
    /// <exception cref="DoorRefusedException">The key was used for another request.</exception>
    /// <exception cref="Game.GameEventRefusedException">The work refuses; nothing is kept, and the key is free.</exception>
    public async Task<DoorAnswer> AnswerAsync(DoorRequest request, Func<UnitOfWork<RoundsDbContext>, Task<DoorAnswer>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(request, work, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another transaction took the same key of the contract, or a parked event, in the same moment. Now its rows are seen, and judged.
            return await TryAsync(request, work, cancellationToken);
        }
    }

    private Task<DoorAnswer> TryAsync(DoorRequest request, Func<UnitOfWork<RoundsDbContext>, Task<DoorAnswer>> work, CancellationToken cancellationToken) => units.RunAsync(async unit =>
    {
        if (await IdempotencyKeys.FindAsync(unit, request.Caller.Name, request.Key, cancellationToken) is { } known)
        {
            return known.RequestHash == request.Hash
                ? new DoorAnswer(known.Status, known.Answer)
                : throw new DoorRefusedException(DoorCode.IdempotencyKeyReused, "Idempotency-Key: another request was taken under it; take a new key for another request");
        }

        var answer = await work(unit);
        unit.Db.Add(new IdempotencyKey
        {
            Caller = request.Caller.Name, Key = request.Key, RequestHash = request.Hash, Status = answer.Status, Answer = answer.Json, At = unit.Now,
        });
        return answer;
    }, cancellationToken);
}
