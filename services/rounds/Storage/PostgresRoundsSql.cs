using System.Data.Common;
using System.Numerics;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Payouts.Contracts;
using Payouts.Rounds.Policies;

namespace Payouts.Rounds.Storage;

/// <summary>PostgreSQL: arrays carry the set.</summary>
internal sealed class PostgresRoundsSql : IRoundsSql
{
    public async Task LockNamesAsync(DbTransaction transaction, IReadOnlyCollection<string> roundIds, CancellationToken cancellationToken)
    {
        // "offset 0" keeps the sorted subquery as it is: the locks are taken row by row in its order.
        await using var command = Command(transaction,
            """
            select pg_advisory_xact_lock(name) from (
                select distinct hashtextextended('payouts round ' || id, 0) as name from unnest($1) as id order by name offset 0) as sorted
            """);
        command.Parameters.Add(new() { Value = roundIds.ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task<List<Round>> LockRoundsAsync(RoundsDbContext db, IReadOnlyCollection<string> roundIds, CancellationToken cancellationToken) =>
        db.Rounds.FromSqlRaw("select * from rounds where id = any({0}) order by id for update", (object)roundIds.ToArray()).AsTracking().ToListAsync(cancellationToken);

    public async Task<List<PlayerStake>> KnownStakesAsync(DbTransaction transaction, IReadOnlyList<(string RoundId, string Player)> players, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            """
            select e.round_id, e.player, e.stake, e.choice from unnest($1, $2) as x (round_id, player)
            join round_entries e on e.round_id = x.round_id and e.player = x.player
            """);
        command.Parameters.Add(new() { Value = players.Select(x => x.RoundId).ToArray() });
        command.Parameters.Add(new() { Value = players.Select(x => x.Player).ToArray() });
        return await ReadStakesAsync(command, cancellationToken);
    }

    public async Task<List<PlayerStake>> AllStakesAsync(DbTransaction transaction, IReadOnlyList<string> roundIds, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "select round_id, player, stake, choice from round_entries where round_id = any($1)");
        command.Parameters.Add(new() { Value = roundIds.ToArray() });
        return await ReadStakesAsync(command, cancellationToken);
    }

    public async Task InsertEntriesAsync(DbTransaction transaction, IReadOnlyList<PlayerStake> entries, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "insert into round_entries (round_id, player, stake, choice, trail_seq) select * from unnest($1, $2, $3, $4, $5)");
        command.Parameters.Add(new() { Value = entries.Select(x => x.RoundId).ToArray() });
        command.Parameters.Add(new() { Value = entries.Select(x => x.Player).ToArray() });
        command.Parameters.Add(Amounts(entries.Select(x => x.Bet.Stake)));
        command.Parameters.Add(new() { Value = entries.Select(x => x.Bet.Choice).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = entries.Select(x => x.TrailSeq).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task InsertPayoutsAsync(DbTransaction transaction, IReadOnlyList<Debt> debts, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "insert into round_payouts (round_id, winner, amount) select * from unnest($1, $2, $3)");
        command.Parameters.Add(new() { Value = debts.Select(x => x.RoundId).ToArray() });
        command.Parameters.Add(new() { Value = debts.Select(x => x.Winner).ToArray() });
        command.Parameters.Add(Amounts(debts.Select(x => x.Amount)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task ParkAsync(DbTransaction transaction, IReadOnlyList<ParkedEvent> events, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            """
            insert into parked_events (id, round_id, kind, digest, message_id, body, received_at)
            select * from unnest($1, $2, $3, $4, $5, $6, $7) on conflict (round_id, kind, digest) do nothing
            """);
        command.Parameters.Add(new() { Value = events.Select(x => x.Id).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(x => x.RoundId).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(x => x.Kind.ToString()).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(x => x.Digest).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(x => x.MessageId).ToArray() });
        command.Parameters.Add(new() { Value = events.Select(x => x.Body).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = events.Select(x => x.ReceivedAt.UtcDateTime).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<HashSet<(string RoundId, string Winner)>> SettleAsync(DbTransaction transaction, IReadOnlyList<(PayoutSettled End, int TrailSeq)> ends, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            """
            with former as (
                insert into round_former_ends (round_id, winner, outcome, paid, payout_id, transaction_hash, ledger, settled_at, trail_seq)
                select p.round_id, p.winner, p.outcome, p.paid, p.payout_id, p.transaction_hash, p.ledger, p.settled_at, p.trail_seq
                from unnest($1, $2) as x (round_id, winner) join round_payouts p on p.round_id = x.round_id and p.winner = x.winner
                where p.outcome is not null and p.outcome not in ('Confirmed', 'WrittenOff'))
            update round_payouts p
            set outcome = x.outcome, paid = x.paid, payout_id = x.payout_id, transaction_hash = x.hash, ledger = x.ledger, settled_at = $8, trail_seq = x.trail_seq
            from unnest($1, $2, $3, $4, $5, $6, $7, $9) as x (round_id, winner, outcome, paid, payout_id, hash, ledger, trail_seq)
            where p.round_id = x.round_id and p.winner = x.winner and (p.outcome is null or p.outcome not in ('Confirmed', 'WrittenOff'))
            returning p.round_id, p.winner
            """);
        command.Parameters.Add(new() { Value = ends.Select(x => x.End.RoundId).ToArray() });
        command.Parameters.Add(new() { Value = ends.Select(x => x.End.Winner).ToArray() });
        command.Parameters.Add(new() { Value = ends.Select(x => x.End.Outcome.ToString()).ToArray() });
        command.Parameters.Add(Amounts(ends.Select(x => x.End.Paid)));
        command.Parameters.Add(new() { Value = ends.Select(x => x.End.PayoutId.Value).ToArray() });
        command.Parameters.Add(new() { Value = ends.Select(x => x.End.TransactionHash).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = ends.Select(x => (long?)x.End.Ledger).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        command.Parameters.Add(new() { Value = ends.Select(x => x.TrailSeq).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var written = new HashSet<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
            written.Add((reader.GetString(0), reader.GetString(1)));
        return written;
    }

    public async Task<bool> TryLockCheckpointsAsync(DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction, "select pg_try_advisory_xact_lock(hashtextextended('payouts round checkpoints', 0))");
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<List<KnownEnd>> KnownEndsAsync(DbTransaction transaction, IReadOnlyList<(string RoundId, string Winner)> debts, CancellationToken cancellationToken)
    {
        await using var command = Command(transaction,
            """
            select p.round_id, p.winner, p.paid, p.transaction_hash, p.outcome, p.amount from unnest($1, $2) as x (round_id, winner)
            join round_payouts p on p.round_id = x.round_id and p.winner = x.winner
            """);
        command.Parameters.Add(new() { Value = debts.Select(x => x.RoundId).ToArray() });
        command.Parameters.Add(new() { Value = debts.Select(x => x.Winner).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var known = new List<KnownEnd>();
        while (await reader.ReadAsync(cancellationToken))
            known.Add(new KnownEnd(reader.GetString(0), reader.GetString(1), Amount(reader, 2), reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? null : Enum.Parse<PayoutOutcome>(reader.GetString(4)), Amount(reader, 5)));
        return known;
    }

    private static async Task<List<PlayerStake>> ReadStakesAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var stakes = new List<PlayerStake>();
        while (await reader.ReadAsync(cancellationToken))
            stakes.Add(new PlayerStake(reader.GetString(0), reader.GetString(1), new Bet(Amount(reader, 2), reader.IsDBNull(3) ? null : reader.GetString(3))));
        return stakes;
    }

    private static Stroops Amount(NpgsqlDataReader reader, int column) => new((Int128)reader.GetFieldValue<BigInteger>(column));

    private static NpgsqlParameter Amounts(IEnumerable<Stroops> amounts) =>
        new() { Value = amounts.Select(x => (BigInteger)x.Value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric };

    private static NpgsqlCommand Command(DbTransaction transaction, string sql)
    {
        var own = (NpgsqlTransaction)transaction;
        return new NpgsqlCommand(sql, own.Connection, own);
    }
}
