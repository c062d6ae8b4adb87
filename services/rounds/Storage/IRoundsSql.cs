using System.Data.Common;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Rounds.Policies;

namespace Payouts.Rounds.Storage;

/// <summary>
/// The statements that must be set-based and that the two databases write differently: one statement for a whole group of messages on
/// PostgreSQL, a prepared statement in a loop on SQLite. All of them run inside the caller's transaction.
/// </summary>
internal interface IRoundsSql
{
    /// <summary>
    /// Makes every other transaction that names one of these rounds wait until this one ends, whether the round exists or not: an
    /// early event must not be parked while another transaction opens its round. Locks are taken in one order, so that nobody deadlocks.
    /// A name with a line feed is no round's, but a contract's key, a direct payout, or the treasury's room in a currency.
    /// </summary>
    Task LockNamesAsync(DbTransaction transaction, IReadOnlyCollection<string> roundIds, CancellationToken cancellationToken);

    /// <summary>Loads the rounds for change, locked in key order; tracked by <paramref name="db"/>.</summary>
    Task<List<Round>> LockRoundsAsync(RoundsDbContext db, IReadOnlyCollection<string> roundIds, CancellationToken cancellationToken);

    /// <summary>Those of these players that are in these rounds, with their bets.</summary>
    Task<List<PlayerStake>> KnownStakesAsync(DbTransaction transaction, IReadOnlyList<(string RoundId, string Player)> players, CancellationToken cancellationToken);

    /// <summary>All players of these rounds.</summary>
    Task<List<PlayerStake>> AllStakesAsync(DbTransaction transaction, IReadOnlyList<string> roundIds, CancellationToken cancellationToken);

    Task InsertEntriesAsync(DbTransaction transaction, IReadOnlyList<PlayerStake> entries, CancellationToken cancellationToken);

    Task InsertPayoutsAsync(DbTransaction transaction, IReadOnlyList<Debt> debts, CancellationToken cancellationToken);

    /// <summary>Parks events; content that waits already is not parked twice.</summary>
    Task ParkAsync(DbTransaction transaction, IReadOnlyList<ParkedEvent> events, CancellationToken cancellationToken);

    /// <summary>
    /// Writes how payouts ended, unless they are confirmed or written off already: those are final. At most one end per debt. The end that
    /// an end replaces is kept. Returns the debts that were written.
    /// </summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="ends">Each with the number of the trail's entry that it comes with.</param>
    /// <param name="now">The time of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<HashSet<(string RoundId, string Winner)>> SettleAsync(DbTransaction transaction, IReadOnlyList<(PayoutSettled End, int TrailSeq)> ends, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>False when another replica makes a checkpoint just now; else nobody else does until the transaction ends.</summary>
    Task<bool> TryLockCheckpointsAsync(DbTransaction transaction, CancellationToken cancellationToken);

    /// <summary>What is known of these debts.</summary>
    Task<List<KnownEnd>> KnownEndsAsync(DbTransaction transaction, IReadOnlyList<(string RoundId, string Winner)> debts, CancellationToken cancellationToken);
}

/// <summary>A player in a round.</summary>
internal readonly record struct PlayerStake(string RoundId, string Player, Bet Bet)
{
    /// <summary>The entry of the round's trail that it comes with.</summary>
    public int TrailSeq { get; init; }
}

/// <summary>A winner's debt.</summary>
internal readonly record struct Debt(string RoundId, string Winner, Stroops Amount);

/// <summary>How a debt's payout ended so far.</summary>
internal readonly record struct KnownEnd(string RoundId, string Winner, Stroops Paid, string? TransactionHash, PayoutOutcome? Outcome, Stroops Amount);

internal static class RoundsSql
{
    public static IRoundsSql For(DatabaseProvider provider) => provider == DatabaseProvider.Postgres ? new PostgresRoundsSql() : new SqliteRoundsSql();
}
