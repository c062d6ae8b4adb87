using System.Text.Json;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Trail;

/// <summary>
/// Writes the trail of the rounds and direct payouts that one transaction changes, in that transaction. Each has a chain of its own, and whoever
/// appends has locked the row: no lock is shared by two of them. See docs/adr/0029.
/// </summary>
internal sealed class RoundTrail
{
    private readonly UnitOfWork<RoundsDbContext> _unit;
    private readonly Dictionary<string, Dictionary<string, string?>> _known = new(StringComparer.Ordinal);

    private RoundTrail(UnitOfWork<RoundsDbContext> unit) => _unit = unit;

    /// <summary>The one of this transaction.</summary>
    public static RoundTrail Of(UnitOfWork<RoundsDbContext> unit) => unit.Part(x => new RoundTrail(x));

    /// <summary>Takes note of a locked round before anything changes it. One that is older than the trail is adopted first.</summary>
    public async Task WatchAsync(Round round, CancellationToken cancellationToken)
    {
        if (round.TrailCount == 0)
            Record(round, TrailAction.Adopted, Actors.Rounds, "the round is older than the trail", await AdoptedContent.HashAsync(_unit.Transaction, round.Id, cancellationToken));
        _known[round.Id] = round.Columns();
    }

    /// <summary>The same for a locked direct payout.</summary>
    public void Watch(DirectPayout order)
    {
        if (order.TrailCount == 0)
            Record(order, TrailAction.Adopted, Actors.Rounds, "the order is older than its trail");
        _known[order.TrailName] = order.Columns();
    }

    /// <summary>The number of the round's next entry: rows that come with it carry it.</summary>
    public static int NextOf(Trailed row) => row.TrailCount + 1;

    /// <summary>Appends what changed since the row was watched, or since its last entry.</summary>
    /// <param name="row">As it is now.</param>
    /// <param name="action">What happened.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="contentHash">Of the rows that came with it.</param>
    public void Record(Trailed row, TrailAction action, string actor, string reason, string? contentHash = null)
    {
        var (now, before, after) = (row.Columns(), new SortedDictionary<string, string?>(StringComparer.Ordinal), new SortedDictionary<string, string?>(StringComparer.Ordinal));
        var known = _known.GetValueOrDefault(row.TrailName);
        foreach (var (name, value) in now)
        {
            var old = known?.GetValueOrDefault(name);
            if (old != value)
                (before[name], after[name]) = (old, value);
        }

        var entry = new TrailEntry
        {
            RoundId = row.TrailName,
            Seq = NextOf(row),
            At = Microseconds(_unit.Now),
            Action = action.ToString(),
            Actor = actor,
            Reason = reason,
            BeforeValues = JsonSerializer.Serialize(before),
            AfterValues = JsonSerializer.Serialize(after),
            ContentHash = contentHash,
            PreviousHash = row.TrailHead ?? TrailText.Genesis,
        }.Sealed();
        _unit.Db.Add(entry);
        row.Continue(entry);
        _known[row.TrailName] = now;
    }

    /// <summary>As PostgreSQL keeps it.</summary>
    public static DateTimeOffset Microseconds(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
}

/// <summary>Who acts in a trail when no person does.</summary>
internal static class Actors
{
    public const string Game = "game";
    public const string Rounds = "rounds";
    public const string PayoutBuilder = "payout-builder";
}
