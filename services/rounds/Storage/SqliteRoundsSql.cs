using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Rounds.Policies;

namespace Payouts.Rounds.Storage;

/// <summary>SQLite: one writer at a time, so nothing needs a lock; a prepared statement in a loop is as fast as a set.</summary>
internal sealed class SqliteRoundsSql : IRoundsSql
{
    public Task LockNamesAsync(DbTransaction transaction, IReadOnlyCollection<string> roundIds, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<List<Round>> LockRoundsAsync(RoundsDbContext db, IReadOnlyCollection<string> roundIds, CancellationToken cancellationToken) =>
        db.Rounds.AsTracking().Where(round => EF.Parameter(roundIds).Contains(round.Id)).ToListAsync(cancellationToken);

    public async Task<List<PlayerStake>> KnownStakesAsync(DbTransaction transaction, IReadOnlyList<(string RoundId, string Player)> players, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "select player, stake, choice from round_entries where round_id = $round and player = $player", "$round", "$player");
        var known = new List<PlayerStake>();
        foreach (var (roundId, player) in players)
            await ReadStakesAsync(Bind(command, roundId, player), roundId, known, cancellationToken);
        return known;
    }

    public async Task<List<PlayerStake>> AllStakesAsync(DbTransaction transaction, IReadOnlyList<string> roundIds, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "select player, stake, choice from round_entries where round_id = $round", "$round");
        var stakes = new List<PlayerStake>();
        foreach (var roundId in roundIds)
            await ReadStakesAsync(Bind(command, roundId), roundId, stakes, cancellationToken);
        return stakes;
    }

    public async Task InsertEntriesAsync(DbTransaction transaction, IReadOnlyList<PlayerStake> entries, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "insert into round_entries (round_id, player, stake, choice, trail_seq) values ($round, $player, $stake, $choice, $seq)", "$round", "$player", "$stake", "$choice", "$seq");
        foreach (var entry in entries)
            await Bind(command, entry.RoundId, entry.Player, Text(entry.Bet.Stake), (object?)entry.Bet.Choice ?? DBNull.Value, entry.TrailSeq).ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task InsertPayoutsAsync(DbTransaction transaction, IReadOnlyList<Debt> debts, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "insert into round_payouts (round_id, winner, amount) values ($round, $winner, $amount)", "$round", "$winner", "$amount");
        foreach (var debt in debts)
            await Bind(command, debt.RoundId, debt.Winner, Text(debt.Amount)).ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ParkAsync(DbTransaction transaction, IReadOnlyList<ParkedEvent> events, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            """
            insert into parked_events (id, round_id, kind, digest, message_id, body, received_at)
            values ($id, $round, $kind, $digest, $message, $body, $at) on conflict (round_id, kind, digest) do nothing
            """,
            "$id", "$round", "$kind", "$digest", "$message", "$body", "$at");
        foreach (var parked in events)
            await Bind(command, parked.Id, parked.RoundId, parked.Kind.ToString(), parked.Digest, parked.MessageId, parked.Body, parked.ReceivedAt.UtcDateTime)
                .ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<HashSet<(string RoundId, string Winner)>> SettleAsync(DbTransaction transaction, IReadOnlyList<(PayoutSettled End, int TrailSeq)> ends, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var keep = Command(transaction,
            """
            insert into round_former_ends (round_id, winner, outcome, paid, payout_id, transaction_hash, ledger, settled_at, trail_seq)
            select round_id, winner, outcome, paid, payout_id, transaction_hash, ledger, settled_at, trail_seq from round_payouts
            where round_id = $round and winner = $winner and outcome is not null and outcome not in ('Confirmed', 'WrittenOff')
            """,
            "$round", "$winner");
        await using var command = Command(transaction,
            """
            update round_payouts
            set outcome = $outcome, paid = $paid, payout_id = $payout, transaction_hash = $hash, ledger = $ledger, settled_at = $at, trail_seq = $seq
            where round_id = $round and winner = $winner and (outcome is null or outcome not in ('Confirmed', 'WrittenOff'))
            """,
            "$outcome", "$paid", "$payout", "$hash", "$ledger", "$at", "$seq", "$round", "$winner");
        var written = new HashSet<(string, string)>();
        foreach (var (end, trailSeq) in ends)
        {
            await Bind(keep, end.RoundId, end.Winner).ExecuteNonQueryAsync(cancellationToken);
            Bind(command, end.Outcome.ToString(), Text(end.Paid), end.PayoutId.Value, (object?)end.TransactionHash ?? DBNull.Value, (object?)end.Ledger ?? DBNull.Value,
                now.UtcDateTime, trailSeq, end.RoundId, end.Winner);
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
                written.Add((end.RoundId, end.Winner));
        }

        return written;
    }

    /// <summary>One writer at a time: who has a transaction is alone.</summary>
    public Task<bool> TryLockCheckpointsAsync(DbTransaction transaction, CancellationToken cancellationToken) => Task.FromResult(true);

    public async Task<List<KnownEnd>> KnownEndsAsync(DbTransaction transaction, IReadOnlyList<(string RoundId, string Winner)> debts, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "select paid, transaction_hash, outcome, amount from round_payouts where round_id = $round and winner = $winner", "$round", "$winner");
        var known = new List<KnownEnd>();
        foreach (var (roundId, winner) in debts)
        {
            await using var reader = await Bind(command, roundId, winner).ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
                known.Add(new KnownEnd(roundId, winner, Amount(reader.GetString(0)), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1),
                    await reader.IsDBNullAsync(2, cancellationToken) ? null : Enum.Parse<PayoutOutcome>(reader.GetString(2)), Amount(reader.GetString(3))));
        }

        return known;
    }

    private static async Task ReadStakesAsync(SqliteCommand command, string roundId, List<PlayerStake> stakes, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            stakes.Add(new PlayerStake(roundId, reader.GetString(0), new Bet(Amount(reader.GetString(1)), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2))));
    }

    private static string Text(Stroops amount) => amount.Value.ToString(CultureInfo.InvariantCulture);

    private static Stroops Amount(string text) => new(Int128.Parse(text, CultureInfo.InvariantCulture));

    private static SqliteCommand Command(DbTransaction transaction, string sql, params ReadOnlySpan<string> parameters)
    {
        var own = (SqliteTransaction)transaction;
        var command = new SqliteCommand(sql, own.Connection, own);
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static SqliteCommand Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }
}
