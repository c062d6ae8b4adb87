using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Settlement;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Intake;

/// <summary>
/// Applies a group of the game's events inside one transaction. It goes through the kinds of events in the order that a round needs
/// them; what an event makes possible is taken out of the parked events and applied right behind it.
/// </summary>
internal sealed class GameEventHandler(IRoundsSql sql, IRoundPolicy policy, RefusedLetters letters, ILogger<GameEventHandler> logger)
{
    private static readonly GameEventKind[] Kinds = Enum.GetValues<GameEventKind>();

    /// <exception cref="GameEventRefusedException">An event that was just received can never be taken. Parked ones are put aside instead.</exception>
    public async Task HandleAsync(IReadOnlyList<Arrival> arrivals, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        var book = new RoundBook(unit, sql);
        await book.LockAsync(arrivals.Select(x => x.Event.RoundId), cancellationToken);
        var moved = new HashSet<string>(StringComparer.Ordinal);
        foreach (var kind in Kinds)
        {
            var due = arrivals.Where(x => x.Event.Kind == kind).ToList();
            due.AddRange((await book.AwaitingAsync(kind, moved, cancellationToken)).Where(waiting => due.TrueForAll(x => x.Parked?.Id != waiting.Parked!.Id)));
            if (due.Count == 0)
                continue;
            await book.LoadFactsAsync(kind, due, cancellationToken);
            foreach (var arrival in due)
                await ApplyAsync(arrival, book, unit, moved, cancellationToken);
        }
    }

    private async Task ApplyAsync(Arrival arrival, RoundBook book, UnitOfWork<RoundsDbContext> unit, HashSet<string> moved, CancellationToken cancellationToken)
    {
        switch (Decide(arrival.Event, book))
        {
            case Decision.Taken taken:
                Take(arrival, taken.To, book, unit);
                moved.Add(arrival.Event.RoundId);
                break;
            case Decision.Decided decided:
                Resolve(arrival, decided, book, unit);
                break;
            case Decision.TooEarly early when arrival.IsLastChance:
                await letters.PutAsideAsync(arrival, new Refusal([early.Missing]), unit, cancellationToken);
                return;
            case Decision.TooEarly when arrival.Parked is not null:
                return;
            case Decision.TooEarly early:
                Log.EventParked(logger, arrival.Event.Name, arrival.Event.RoundId, early.Missing.Text);
                book.Park(arrival);
                return;
            case Decision.Refused refused when arrival.Parked is not null:
                await letters.PutAsideAsync(arrival, refused.Refusal, unit, cancellationToken);
                return;
            case Decision.Refused refused:
                throw new GameEventRefusedException(refused.Refusal);
        }

        if (arrival.Parked is { } done)
            unit.Db.Remove(done);
    }

    private Decision Decide(GameEvent gameEvent, RoundBook book)
    {
        var round = book.Find(gameEvent.RoundId);
        return gameEvent switch
        {
            RoundOpening opening => RoundRules.Open(round, opening, book.KeyHolder(opening.Key, opening.RoundId)),
            RoundEntering entering => RoundRules.Enter(round, entering, book.StakesOf(entering.RoundId)),
            RoundClosing closing => RoundRules.Close(round, closing),
            RoundDraw draw => RoundRules.Draw(round, draw, book.StakesOf(draw.RoundId), policy),
            _ => throw new InvalidOperationException($"{gameEvent.Name} has no rule"),
        };
    }

    private static void Take(Arrival arrival, RoundState to, RoundBook book, UnitOfWork<RoundsDbContext> unit)
    {
        switch (arrival.Event)
        {
            case RoundOpening opening:
                book.Open(Round.Open(opening, unit.Now));
                break;
            case RoundEntering entering:
                book.Enter(book.Find(entering.RoundId)!, entering.Entries);
                break;
            case RoundClosing closing:
                book.Find(closing.RoundId)!.Close(to, unit.Now);
                break;
        }
    }

    private void Resolve(Arrival arrival, Decision.Decided decided, RoundBook book, UnitOfWork<RoundsDbContext> unit)
    {
        var round = book.Find(arrival.Event.RoundId)!;
        var resolution = decided.Resolution;
        round.Resolve(decided.To, (RoundDraw)arrival.Event, resolution, policy, unit.Now);
        book.Owe(round, resolution);
        unit.Publish(new RoundResolved
        {
            RoundId = round.Id,
            Context = round.Key.Context,
            PoolId = round.Key.PoolId,
            RoundNumber = round.Key.RoundNumber,
            Currency = round.Currency,
            Owed = resolution.Owed,
            Payouts = resolution.Payouts,
        });
        Log.RoundResolved(logger, round.Id, policy.Name, policy.Version, resolution.Outcome, resolution.Payouts.Count, resolution.Owed);
        RoundSettlement.SettleIfPaid(round, unit, logger);
        unit.BeforeCommit(_ =>
        {
            // Last before the commit: a transaction that is rolled back is not counted.
            RoundsMetrics.Resolved(policy, resolution.Outcome, unit.Now - arrival.ReceivedAt);
            return Task.CompletedTask;
        });
    }
}
