using System.Data.Common;
using Payouts.Contracts;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Verifying;

/// <summary>A row that has a trail, its trail, and what checkpoints hold of it, as they are stored.</summary>
/// <param name="Id">The name in the trail's lines.</param>
/// <param name="Table">Of the row: rounds, or direct_payouts.</param>
/// <param name="Row">Null: other tables name one that is not there.</param>
/// <param name="Lines">In the order of the chain.</param>
/// <param name="Heads">What checkpoints hold, in their order.</param>
internal sealed record StoredTrail(
    string Id, string Table, IReadOnlyDictionary<string, string?>? Row, IReadOnlyList<Dictionary<string, string?>> Lines, IReadOnlyList<Dictionary<string, string?>> Heads)
{
    /// <summary>True: nothing is stored under the name.</summary>
    public bool IsEmpty => Row is null && Lines.Count + Heads.Count == 0;

    public static async Task<StoredTrail> ReadAsync(DbTransaction transaction, string id, CancellationToken cancellationToken)
    {
        async Task<List<Dictionary<string, string?>>> Rows(string sql, string key) => await TrailRows.ReadAsync(transaction, sql, cancellationToken, key);
        var (table, row) = DirectName.ReferenceOf(id) is { } reference
            ? ("direct_payouts", await Rows("select * from direct_payouts where reference = $1", reference))
            : ("rounds", await Rows("select * from rounds where id = $1", id));
        return new StoredTrail(id, table, row.SingleOrDefault(),
            await Rows("select * from round_trail where round_id = $1 order by seq", id),
            await Rows("select * from trail_checkpoint_heads where round_id = $1 order by checkpoint", id));
    }

    /// <summary>Where a row of this round or direct payout is, for a finding.</summary>
    public string Place(string table, string? row) => $"{table}[round \"{Id}\"{(row is null ? "" : $", {row}")}]";
}
