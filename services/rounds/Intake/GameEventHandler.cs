using Payouts.Hosting.Messaging;
using Payouts.Rounds.Game;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Treasury;

namespace Payouts.Rounds.Intake;

/// <summary>
/// Applies a group of the game's events inside one transaction. It goes through the kinds of events in the order that a round needs
/// them; what an event makes possible is taken out of the parked events and applied right behind it.
/// </summary>
internal sealed class GameEventHandler(IRoundsSql sql, ITreasury treasury, RefusedLetters letters, ILogger<GameEventHandler> logger)
{
    private static readonly GameEventKind[] Kinds = Enum.GetValues<GameEventKind>();

    /// <exception cref="GameEventRefusedException">An event that was just received can never be taken. Parked ones are put aside instead.</exception>
    public async Task HandleAsync(IReadOnlyList<Arrival> arrivals, UnitOfWork<RoundsDbContext> unit, CancellationToken cancellationToken)
    {
        var book = new RoundBook(unit, sql, treasury);
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
            case Decision.TooEarly early when arrival.Door is not null:
                throw new GameEventRefusedException(new Refusal([early.Missing]));
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
            RoundEntering entering => RoundRules.Enter(round, entering, book.BetsOf(entering.RoundId)),
            RoundClosing closing => RoundRules.Close(round, closing),
            RoundDraw draw => RoundRules.Draw(round, draw, book.BetsOf(draw.RoundId), book.RoomIn(round?.Currency)),
            _ => throw new InvalidOperationException($"{gameEvent.Name} has no rule"),
        };
    }

    private static void Take(Arrival arrival, RoundState to, RoundBook book, UnitOfWork<RoundsDbContext> unit)
    {
        var before = book.Find(arrival.Event.RoundId);
        var from = before?.State;
        switch (arrival.Event)
        {
            case RoundOpening opening:
                var round = Round.Open(opening, unit.Now);
                book.Open(round);
                book.Trail.Record(round, TrailAction.Opened, arrival.Actor, Why(arrival, from, RoundTrigger.Opened));
                break;
            case RoundEntering entering:
                var entered = book.Enter(before!, entering.Entries);
                book.Trail.Record(before!, TrailAction.Entered, arrival.Actor, Why(arrival, from, RoundTrigger.Entered), entered);
                break;
            case RoundClosing:
                before!.Close(to, unit.Now);
                book.Trail.Record(before, TrailAction.Closed, arrival.Actor, Why(arrival, from, RoundTrigger.Closed));
                break;
        }
    }

    private void Resolve(Arrival arrival, Decision.Decided decided, RoundBook book, UnitOfWork<RoundsDbContext> unit)
    {
        var (round, draw, resolution) = (book.Find(arrival.Event.RoundId)!, (RoundDraw)arrival.Event, decided.Resolution);
        if (arrival.Door?.ResolutionHash is { } seen && seen != RoundResolver.HashesOf(round.Id, decided, draw, book).Outcome)
            throw new GameEventRefusedException(RoundResolver.Differs(round.Id));
        var why = Why(arrival, round.State, RoundTrigger.Drawn);
        round.Resolve(decided.To, draw, resolution, decided.Policy, unit.Now);
        RoundResolver.Decide(round, TrailAction.Resolved, arrival.Actor, why, decided, draw, book, unit, logger);
        unit.BeforeCommit(_ =>
        {
            // Last before the commit: a transaction that is rolled back is not counted.
            RoundsMetrics.Resolved(decided.Policy, resolution.Outcome, unit.Now - arrival.ReceivedAt);
            return Task.CompletedTask;
        });
    }

    private static string Why(Arrival arrival, RoundState? from, RoundTrigger on) =>
        $"{arrival.Source}: {RoundTransitions.Of(from, on).Reason}";
}
