using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Direct;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Treasury;

namespace Payouts.Rounds.Intake;

/// <summary>
/// The rounds that one transaction works on: locked and loaded in few statements for the whole group, written in few at its commit.
/// What the transaction has decided but not written yet is seen by what it decides next.
/// </summary>
internal sealed class RoundBook(UnitOfWork<RoundsDbContext> unit, IRoundsSql sql, ITreasury treasury)
{
    private static readonly Dictionary<string, Bet> Nobody = [];

    private readonly Dictionary<string, Round> _rounds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unsaved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, Bet>> _bets = new(StringComparer.Ordinal);
    private readonly Dictionary<RoundKey, string> _keys = [];
    private readonly List<PlayerStake> _newEntries = [];
    private readonly List<Debt> _newDebts = [];
    private readonly List<ParkedEvent> _newParked = [];
    private TreasuryRoom _room = new();

    public async Task LockAsync(IEnumerable<string> roundIds, CancellationToken cancellationToken)
    {
        var ids = roundIds.Distinct(StringComparer.Ordinal).ToList();
        await sql.LockNamesAsync(unit.Transaction, ids, cancellationToken);
        foreach (var round in await sql.LockRoundsAsync(unit.Db, ids, cancellationToken))
        {
            await Trail.WatchAsync(round, cancellationToken);
            _rounds.Add(round.Id, round);
        }

        unit.BeforeCommit(WriteAsync);
    }

    /// <summary>Writes down what becomes of the rounds.</summary>
    public RoundTrail Trail { get; } = RoundTrail.Of(unit);

    public Round? Find(string roundId) => _rounds.GetValueOrDefault(roundId);

    /// <summary>The other round that has this key.</summary>
    public string? KeyHolder(RoundKey key, string roundId) => _keys.TryGetValue(key, out var holder) && holder != roundId ? holder : null;

    /// <summary>The bets of the round as far as they were loaded or decided.</summary>
    public IReadOnlyDictionary<string, Bet> BetsOf(string roundId) => _bets.GetValueOrDefault(roundId, Nobody);

    /// <summary>Loads what the decisions on these events need, one statement for all of them.</summary>
    public async Task LoadFactsAsync(GameEventKind kind, IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken)
    {
        switch (kind)
        {
            case GameEventKind.Opened:
                // A context that is no symbol may hold what the database cannot even compare.
                await LoadKeyHoldersAsync([.. arrivals.Where(x => x.Event.Problems.Count == 0).Select(x => ((RoundOpening)x.Event).Key)], cancellationToken);
                break;
            case GameEventKind.Entered:
                var players = arrivals.Where(x => IsStored(x.Event.RoundId))
                    .SelectMany(x => ((RoundEntering)x.Event).Entries.Select(entry => (x.Event.RoundId, entry.Player))).Distinct().ToList();
                if (players.Count > 0)
                    Remember(await sql.KnownStakesAsync(unit.Transaction, players, cancellationToken));
                break;
            case GameEventKind.Drawn:
                var closed = arrivals.Select(x => x.Event.RoundId).Distinct(StringComparer.Ordinal)
                    .Where(id => IsStored(id) && Find(id)!.State == Rules.RoundState.Closed).ToList();
                if (closed.Count > 0)
                    await LoadBetsAsync(closed, cancellationToken);
                _room = await TreasuryRoom.HoldAsync(treasury, closed.Select(id => Find(id)!.Currency), sql, unit, cancellationToken);
                break;
        }
    }

    /// <summary>Loads every player of these rounds.</summary>
    public async Task LoadBetsAsync(IReadOnlyList<string> roundIds, CancellationToken cancellationToken) =>
        Remember(await sql.AllStakesAsync(unit.Transaction, roundIds, cancellationToken));

    /// <summary>What the treasury can still owe in this currency; null: it has no limit.</summary>
    public Stroops? RoomIn(string? currency) => currency is null ? null : _room.LeftIn(currency);

    /// <summary>Events of this kind that wait for one of these rounds, the oldest first.</summary>
    public async Task<List<Arrival>> AwaitingAsync(GameEventKind kind, IReadOnlyCollection<string> roundIds, CancellationToken cancellationToken)
    {
        if (roundIds.Count == 0)
            return [];
        var parked = await unit.Db.Parked.AsTracking().Where(x => EF.Parameter(roundIds).Contains(x.RoundId) && x.Kind == kind)
            .OrderBy(x => x.ReceivedAt).ThenBy(x => x.Id).ToListAsync(cancellationToken);
        return parked.ConvertAll(x => Arrival.Of(x));
    }

    public void Open(Round round)
    {
        _rounds.Add(round.Id, round);
        _unsaved.Add(round.Id);
        _keys[round.Key] = round.Id;
        unit.Db.Add(round);
    }

    /// <summary>Returns the hash of the new rows for the trail.</summary>
    public string Enter(Round round, IReadOnlyList<Entry> entries)
    {
        round.Enter(entries);
        var added = entries.Select(entry => new PlayerStake(round.Id, entry.Player, new Bet(entry.Stake, entry.Choice)) { TrailSeq = RoundTrail.NextOf(round) }).ToList();
        _newEntries.AddRange(added);
        Remember(added);
        return TrailContent.OfEntries(added);
    }

    public void Owe(Round round, Resolution resolution)
    {
        _room.Owe(round.Currency, resolution.Owed);
        _newDebts.AddRange(resolution.Payouts.Select(payout => new Debt(round.Id, payout.Winner, payout.Amount)));
    }

    public void Park(Arrival arrival) => _newParked.Add(new ParkedEvent
    {
        Id = unit.NewId(),
        RoundId = arrival.Event.RoundId,
        Kind = arrival.Event.Kind,
        Digest = arrival.Event.Digest,
        MessageId = arrival.MessageId,
        Body = JsonSerializer.SerializeToUtf8Bytes(arrival.Event.Contract, arrival.Event.Contract.GetType(), ContractsJson.Options),
        ReceivedAt = arrival.ReceivedAt,
    });

    private bool IsStored(string roundId) => _rounds.ContainsKey(roundId) && !_unsaved.Contains(roundId);

    private void Remember(IEnumerable<PlayerStake> stakes)
    {
        foreach (var (roundId, player, bet) in stakes)
        {
            if (!_bets.TryGetValue(roundId, out var known))
                _bets[roundId] = known = new Dictionary<string, Bet>(StringComparer.Ordinal);
            known[player] = bet;
        }
    }

    private async Task LoadKeyHoldersAsync(List<RoundKey> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
            return;
        await sql.LockNamesAsync(unit.Transaction, DirectKeys.LocksOf(keys), cancellationToken);
        foreach (var (key, direct) in await DirectKeys.HeldAsync(unit.Db, keys, cancellationToken))
            _keys[key] = direct;
        // A wider net than the keys themselves, judged exactly below: tuples have no one form in both databases.
        var contexts = keys.Select(x => x.Context).Distinct().ToList();
        var pools = keys.Select(x => (long)x.PoolId).Distinct().ToList();
        var numbers = keys.Select(x => (long)x.RoundNumber).Distinct().ToList();
        var holders = await unit.Db.Rounds.AsNoTracking()
            .Where(x => EF.Parameter(contexts).Contains(x.Context) && EF.Parameter(pools).Contains(x.PoolId) && EF.Parameter(numbers).Contains(x.RoundNumber))
            .Select(x => new { x.Id, x.Context, x.PoolId, x.RoundNumber }).ToListAsync(cancellationToken);
        foreach (var holder in holders)
            _keys[new RoundKey(holder.Context, (uint)holder.PoolId, (uint)holder.RoundNumber)] = holder.Id;
    }

    // After the rounds themselves were saved, which entries and debts refer to.
    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (_newEntries.Count > 0)
            await sql.InsertEntriesAsync(unit.Transaction, _newEntries, cancellationToken);
        if (_newDebts.Count > 0)
            await sql.InsertPayoutsAsync(unit.Transaction, _newDebts, cancellationToken);
        if (_newParked.Count > 0)
            await sql.ParkAsync(unit.Transaction, _newParked, cancellationToken);
    }
}
