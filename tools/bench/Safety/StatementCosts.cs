using Npgsql;
using Payouts.Tests.Support;

namespace Payouts.Bench.Safety;

/// <summary>What one purpose costs in the database, for each settled payout, or whatever else a run counts.</summary>
/// <param name="Purpose">Why the statements are there.</param>
/// <param name="Statements">Statements a payout.</param>
/// <param name="Rows">Rows that they read or wrote, a payout.</param>
/// <param name="Milliseconds">Time in the server, a payout.</param>
internal sealed record StatementCost(string Purpose, double Statements, double Rows, double Milliseconds);

/// <summary>
/// Sorts the statements that PostgreSQL counted during a run by what they are for, so that the price of each guarantee is a figure. Time is
/// elapsed time inside the server, waits for locks included. A commit's wait for the disk is not a statement's: it is read from pg_stat_wal.
/// </summary>
internal static class StatementCosts
{
    /// <summary>Every change of a round, and what decided it, in chains of hashes.</summary>
    public const string Trail = "trail: every change of a round, chained by hashes";

    /// <summary>Messages that leave with their effect or not at all.</summary>
    public const string Outbox = "outbox: effect and messages commit together";

    private const string Work = "the work itself: payouts, rounds";

    // The first that fits counts: a statement that touches a slot and a payout is there because of the slot.
    private static readonly (string Purpose, string[] Marks)[] Purposes =
    [
        ("inbox: a repeated message changes nothing", ["inbox"]),
        (Outbox, ["outbox"]),
        ("reconciliation: paid = owed, read from the ledger", ["ledger_movements", "ledger_reading", "ledger_gaps", "reconciliation_findings"]),
        ("slots: one sequence number a payout", ["slots", "channels"]),
        ("history: who, when, why", ["payout_transitions", "decision_steps"]),
        (Trail, ["round_trail", "round_resolutions", "trail_checkpoints", "trail_checkpoint_heads"]),
        ("the signer's own copy of each debt, and its requests", ["orders", "sign_requests"]),
        ("hash and envelope stored before the first send", ["submissions", "fee_bumps", "ledger_cursors"]),
        (Work, ["payouts", "rounds", "round_entries", "round_payouts", "parked_events", "dead_letters"]),
    ];

    private const string Rest = "begin, commit, others";
    /// <summary>Waits for the disk.</summary>
    public const string Disk = "commits on disk before they are acknowledged";

    /// <summary>Counting begins.</summary>
    public static async Task BeginAsync(PostgreSqlServer server, CancellationToken cancellationToken)
    {
        await server.ExecuteAsync("create extension if not exists pg_stat_statements", cancellationToken);
        await server.ExecuteAsync("select pg_stat_statements_reset(), pg_stat_reset_shared('wal')", cancellationToken);
    }

    /// <summary>What was counted in one database since <see cref="BeginAsync"/>, most expensive first.</summary>
    public static async Task<IReadOnlyList<StatementCost>> ReadAsync(PostgreSqlServer server, string database, int payouts, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(server.SuperuserConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "select s.query, s.calls, s.rows, s.total_exec_time from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = $1", connection);
        command.Parameters.Add(new() { Value = database });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sums = new Dictionary<string, (double Calls, double Rows, double Ms)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var purpose = PurposeOf(reader.GetString(0));
            var (calls, rows, ms) = sums.GetValueOrDefault(purpose);
            sums[purpose] = (calls + reader.GetInt64(1), rows + reader.GetInt64(2), ms + reader.GetDouble(3));
        }

        await reader.CloseAsync();
        command.CommandText = "select wal_sync, wal_sync_time from pg_stat_wal";
        command.Parameters.Clear();
        await using var wal = await command.ExecuteReaderAsync(cancellationToken);
        await wal.ReadAsync(cancellationToken);
        sums[Disk] = (wal.GetInt64(0), 0, wal.GetDouble(1));
        return [.. sums.Select(x => new StatementCost(x.Key, x.Value.Calls / payouts, x.Value.Rows / payouts, x.Value.Ms / payouts)).OrderByDescending(x => x.Milliseconds)];
    }

    private static string PurposeOf(string query)
    {
        var words = query.ToLowerInvariant().Split([' ', '\n', '\r', '\t', '"', '.', ',', '(', ')', ';'], StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        return Purposes.FirstOrDefault(x => x.Marks.Any(words.Contains)).Purpose ?? Rest;
    }
}
