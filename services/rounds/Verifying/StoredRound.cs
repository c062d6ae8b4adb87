using System.Data.Common;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Verifying;

/// <summary>Everything that is stored of one round, as it is stored.</summary>
internal sealed class StoredRound
{
    public required StoredTrail Chain { get; init; }

    public string Id => Chain.Id;

    /// <summary>Null: other tables name a round that is not there.</summary>
    public IReadOnlyDictionary<string, string?>? Round => Chain.Row;

    /// <summary>In the order of the chain.</summary>
    public IReadOnlyList<Dictionary<string, string?>> Trail => Chain.Lines;

    public required IReadOnlyList<Dictionary<string, string?>> Entries { get; init; }

    public required IReadOnlyList<Dictionary<string, string?>> Payouts { get; init; }

    public required IReadOnlyList<Dictionary<string, string?>> FormerEnds { get; init; }

    public required IReadOnlyDictionary<string, string?>? Resolution { get; init; }

    /// <summary>True: it has no rows but its own, its trail's and its checkpoints'.</summary>
    public bool IsOnlyChain => Entries.Count + Payouts.Count + FormerEnds.Count == 0 && Resolution is null;

    /// <summary>True: nothing is stored under the name.</summary>
    public bool IsEmpty => Chain.IsEmpty && IsOnlyChain;

    public static async Task<StoredRound> ReadAsync(DbTransaction transaction, string id, CancellationToken cancellationToken)
    {
        async Task<List<Dictionary<string, string?>>> Rows(string sql) => await TrailRows.ReadAsync(transaction, sql, cancellationToken, id);
        return new StoredRound
        {
            Chain = await StoredTrail.ReadAsync(transaction, id, cancellationToken),
            Entries = await Rows("select * from round_entries where round_id = $1 order by player"),
            Payouts = await Rows("select * from round_payouts where round_id = $1 order by winner"),
            FormerEnds = await Rows("select * from round_former_ends where round_id = $1 order by winner, trail_seq"),
            Resolution = (await Rows("select * from round_resolutions where round_id = $1")).SingleOrDefault(),
        };
    }
}
