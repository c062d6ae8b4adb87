using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Retention;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Verifying;

/// <summary>
/// Proves that what is stored is what was written: every trail, of rounds and of payouts outside them, every resolution recomputed from its inputs,
/// and the chain over all of them.
/// Reads snapshots, changes nothing, and may run beside the working service.
/// </summary>
internal sealed class RoundVerifier(IDbContextFactory<RoundsDbContext> contexts, RetentionOptions retention, TimeProvider time)
{
    /// <summary>Findings that one report names.</summary>
    public const int FindingsMax = 100;

    /// <summary>Rounds in one snapshot.</summary>
    private const int PageSize = 200;

    /// <summary>As the index of direct_payouts has it.</summary>
    private const string DirectTrailName = $"('{DirectName.Prefix}' || reference)";

    /// <summary>Tables whose rows belong to a round.</summary>
    private static readonly string[] Tables = ["round_trail", "round_entries", "round_payouts", "round_former_ends", "round_resolutions", "trail_checkpoint_heads"];

    /// <summary>One round, or one direct payout under direct:REFERENCE; null: nothing is stored under that name.</summary>
    public async Task<VerifyReport?> RoundAsync(string roundId, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await SnapshotAsync(db, cancellationToken);
        return await RoundInAsync(transaction, roundId, cancellationToken);
    }

    /// <summary>Everything.</summary>
    /// <param name="noted">A checkpoint that somebody kept apart, NUMBER:HASH; null: none.</param>
    /// <param name="cancellationToken">Ends it between two pages.</param>
    public async Task<VerifyReport> AllAsync(string? noted, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        // Each page is a snapshot of its own: a long one would keep PostgreSQL from cleaning up behind the payouts.
        return await AllAsync(() => SnapshotAsync(db, cancellationToken), noted, cancellationToken);
    }

    /// <summary>As <see cref="RoundAsync(string, CancellationToken)"/>, in a transaction of the caller's.</summary>
    public async Task<VerifyReport?> RoundInAsync(DbTransaction transaction, string roundId, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        return await CheckAsync(transaction, roundId, tally, cancellationToken) ? tally.Report(0, null) : null;
    }

    /// <summary>As <see cref="AllAsync(string, CancellationToken)"/>, in a transaction of the caller's.</summary>
    public Task<VerifyReport> AllInAsync(DbTransaction transaction, CancellationToken cancellationToken) =>
        AllAsync(() => Task.FromResult<DbTransaction>(new Borrowed(transaction)), null, cancellationToken);

    private async Task<VerifyReport> AllAsync(Func<Task<DbTransaction>> snapshot, string? noted, CancellationToken cancellationToken)
    {
        var (tally, chain, more, last) = (new Tally(), new CheckpointCheck(), true, "");
        while (more)
        {
            await using var transaction = await snapshot();
            more = await chain.NextAsync(Own(transaction), noted, cancellationToken);
        }

        tally.Add(chain.Findings);
        if (noted is not null && chain.Count < Seq(noted))
            tally.Add([new Finding($"trail_checkpoints[seq {Seq(noted)}]", $"was noted as {noted} and is gone: the chain ends at {chain.Count}")]);
        for (more = true; more && !tally.IsFull;)
        {
            await using var transaction = await snapshot();
            var names = string.Join(" union ", Tables.Select(table => $"select round_id as id from {table} where round_id > $1").Prepend("select id from rounds where id > $1")
                .Prepend($"select {DirectTrailName} as id from direct_payouts where {DirectTrailName} > $1"));
            var ids = (await TrailRows.ReadAsync(Own(transaction), $"select id from ({names}) as named order by id limit {PageSize}", cancellationToken, last)).ConvertAll(row => row["id"]!);
            foreach (var id in ids)
                await CheckAsync(Own(transaction), id, tally, cancellationToken);
            (more, last) = (ids.Count == PageSize, ids.LastOrDefault() ?? last);
        }

        return tally.Report(chain.Count, chain.Head);
    }

    private async Task<bool> CheckAsync(DbTransaction transaction, string roundId, Tally tally, CancellationToken cancellationToken)
    {
        var stored = await StoredRound.ReadAsync(transaction, roundId, cancellationToken);
        if (stored.IsEmpty)
            return false;
        if (DirectName.Is(roundId))
        {
            tally.Direct++;
            tally.Add(new TrailCheck(stored.Chain).Run());
            if (!stored.IsOnlyChain)
                tally.Add([new Finding(stored.Chain.Place("round_entries, round_payouts, round_former_ends or round_resolutions", null), "has rows that only a round has")]);
            return true;
        }

        var forgotten = IsForgotten(stored);
        tally.Rounds++;
        tally.Older += IsOlder(stored) ? 1 : 0;
        tally.Forgotten += forgotten ? 1 : 0;
        tally.Add(new RoundCheck(stored, forgotten).Run());
        if (stored.Resolution is not null && !forgotten)
        {
            var differs = Recomputation.Run(stored);
            tally.Recomputed += differs.Count == 0 ? 1 : 0;
            tally.Add(differs);
        }

        return true;
    }

    private static bool IsOlder(StoredRound stored) =>
        stored is { Resolution: null, Trail: [var first, ..] } && first["action"] == nameof(TrailAction.Adopted) && stored.Round?["state"] is "RESOLVED" or "SETTLED";

    /// <summary>Past the retention, entries and debts go, some rows at a time.</summary>
    private bool IsForgotten(StoredRound stored) =>
        stored.Round is { } round
        && DateTimeOffset.TryParse(round["settled_at"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var settled) && settled < time.GetUtcNow() - retention.Kept
        && (round["entries"] != TrailText.Of(stored.Entries.Count) || round["payouts"] != TrailText.Of(stored.Payouts.Count));

    private static async Task<DbTransaction> SnapshotAsync(RoundsDbContext db, CancellationToken cancellationToken)
    {
        var connection = db.Database.GetDbConnection();
        if (connection.State != ConnectionState.Open)
            await connection.OpenAsync(cancellationToken);
        // On SQLite a deferred transaction reads its snapshot without keeping anybody from writing.
        return connection is SqliteConnection sqlite ? sqlite.BeginTransaction(deferred: true) : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
    }

    private static long Seq(string noted) => long.TryParse(noted.Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : 0;

    private static DbTransaction Own(DbTransaction transaction) => transaction is Borrowed borrowed ? borrowed.Inner : transaction;

    /// <summary>The caller's transaction: it is not ours to end.</summary>
    private sealed class Borrowed(DbTransaction inner) : DbTransaction
    {
        public DbTransaction Inner => inner;

        public override IsolationLevel IsolationLevel => inner.IsolationLevel;

        protected override DbConnection? DbConnection => inner.Connection;

        public override void Commit() => throw new NotSupportedException("the transaction is the caller's");

        public override void Rollback() => throw new NotSupportedException("the transaction is the caller's");
    }

    private sealed class Tally
    {
        private readonly List<Finding> _findings = [];

        public int Rounds { get; set; }

        public int Direct { get; set; }

        public int Recomputed { get; set; }

        public int Older { get; set; }

        public int Forgotten { get; set; }

        public bool IsFull => _findings.Count >= FindingsMax;

        public void Add(IEnumerable<Finding> findings) => _findings.AddRange(findings.Take(FindingsMax - _findings.Count));

        public VerifyReport Report(long checkpoints, string? head) => new(Rounds, Direct, Recomputed, Older, Forgotten, checkpoints, head, _findings);
    }
}
