using System.Data.Common;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Verifying;

/// <summary>Everything that is stored of one round, as it is stored.</summary>
internal sealed class StoredRound
{
    public required string Id { get; init; }

    /// <summary>Null: other tables name a round that is not there.</summary>
    public required IReadOnlyDictionary<string, string?>? Round { get; init; }

    /// <summary>In the order of the chain.</summary>
    public required IReadOnlyList<Dictionary<string, string?>> Trail { get; init; }

    public required IReadOnlyList<Dictionary<string, string?>> Entries { get; init; }

    public required IReadOnlyList<Dictionary<string, string?>> Payouts { get; init; }

    public required IReadOnlyList<Dictionary<string, string?>> FormerEnds { get; init; }

    public required IReadOnlyDictionary<string, string?>? Resolution { get; init; }

    /// <summary>What checkpoints hold of it, in their order.</summary>
    public required IReadOnlyList<Dictionary<string, string?>> Heads { get; init; }

    public static async Task<StoredRound> ReadAsync(DbTransaction transaction, string id, CancellationToken cancellationToken)
    {
        async Task<List<Dictionary<string, string?>>> Rows(string sql) => await TrailRows.ReadAsync(transaction, sql, cancellationToken, id);
        return new StoredRound
        {
            Id = id,
            Round = (await Rows("select * from rounds where id = $1")).SingleOrDefault(),
            Trail = await Rows("select * from round_trail where round_id = $1 order by seq"),
            Entries = await Rows("select * from round_entries where round_id = $1 order by player"),
            Payouts = await Rows("select * from round_payouts where round_id = $1 order by winner"),
            FormerEnds = await Rows("select * from round_former_ends where round_id = $1 order by winner, trail_seq"),
            Resolution = (await Rows("select * from round_resolutions where round_id = $1")).SingleOrDefault(),
            Heads = await Rows("select * from trail_checkpoint_heads where round_id = $1 order by checkpoint"),
        };
    }
}
