using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Game;
using Payouts.Rounds.Intake;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Treasury;

namespace Payouts.Rounds.Doors;

/// <summary>What a draw would come to, by the rules and facts that decide it, in a transaction that is never committed.</summary>
internal sealed class DrawPreview(UnitOfWorkFactory<RoundsDbContext> units, IRoundsSql sql, ITreasury treasury)
{
    /// <returns>Winners and amounts, and the hash that the draw itself must carry.</returns>
    /// <exception cref="GameEventRefusedException">The draw would be refused, or is taken already.</exception>
    public async Task<DrawShown> OfAsync(RoundDraw draw, CancellationToken cancellationToken)
    {
        if (draw.Problems.Any(problem => problem.Code == RefusalCode.RoundIdInvalid))
            throw new GameEventRefusedException(new Refusal(draw.Problems));
        await using var unit = await units.BeginAsync(cancellationToken);
        var book = new RoundBook(unit, sql, treasury);
        await book.LockAsync([draw.RoundId], cancellationToken);
        await book.LoadFactsAsync(GameEventKind.Drawn, [new Arrival(draw, Guid.Empty, unit.Now)], cancellationToken);
        var round = book.Find(draw.RoundId);
        return RoundRules.Draw(round, draw, book.BetsOf(draw.RoundId), book.RoomIn(round?.Currency)) switch
        {
            Decision.Decided decided => Shown(round!, decided, RoundResolver.HashesOf(draw.RoundId, decided, draw, book).Outcome),
            Decision.TooEarly early => throw new GameEventRefusedException(new Refusal([early.Missing])),
            Decision.Refused refused => throw new GameEventRefusedException(refused.Refusal),
            _ => throw new GameEventRefusedException(new Refusal([new Problem(RefusalCode.RoundConflict, $"round \"{draw.RoundId}\" was resolved by this draw already; read it")])),
        };
    }

    private static DrawShown Shown(Round round, Decision.Decided decided, string hash) => new(
        round.Id, round.Currency, $"{decided.Policy.Name} v{decided.Policy.Version}", decided.Resolution.Outcome.ToString(), round.Entries, round.Stakes,
        decided.Resolution.Owed, decided.Resolution.Payouts, decided.Resolution.Eliminated, hash);
}

/// <summary>The answer of a preview: who would be owed what, who would be out, and the hash that the draw must carry.</summary>
internal sealed record DrawShown(
    string RoundId, string Currency, string Policy, string Outcome, int Entries, Stroops Stakes, Stroops Owed, IReadOnlyList<OwedPayout> Payouts, IReadOnlyList<string> Eliminated, string ResolutionHash);
