using System.Data.Common;
using System.Globalization;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Verifying;

/// <summary>Follows the chain over all rounds from its first link, page by page.</summary>
internal sealed class CheckpointCheck
{
    private const int PageSize = 200;

    private readonly List<Finding> _findings = [];
    private string _previous = TrailText.Genesis;

    /// <summary>How many links were looked at.</summary>
    public long Count { get; private set; }

    /// <summary>The last of them, NUMBER:HASH.</summary>
    public string? Head { get; private set; }

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Looks at the next page; false: there was none.</summary>
    /// <param name="transaction">A snapshot.</param>
    /// <param name="noted">A link that somebody kept apart, NUMBER:HASH.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> NextAsync(DbTransaction transaction, string? noted, CancellationToken cancellationToken)
    {
        var page = await TrailRows.ReadAsync(transaction, $"select * from trail_checkpoints where seq > $1 order by seq limit {PageSize}", cancellationToken, _last);
        if (page.Count == 0)
        {
            // Heads of a checkpoint that was cut off the end.
            foreach (var stray in await TrailRows.ReadAsync(transaction, $"select distinct checkpoint from trail_checkpoint_heads where checkpoint > $1 order by checkpoint limit {PageSize}", cancellationToken, _last))
                Find(stray["checkpoint"], "is gone, and heads of it are left");
            return false;
        }

        var end = long.Parse(page[^1]["seq"]!, CultureInfo.InvariantCulture);
        var heads = (await TrailRows.ReadAsync(transaction, "select * from trail_checkpoint_heads where checkpoint > $1 and checkpoint <= $2", cancellationToken, _last, end))
            .ToLookup(row => row["checkpoint"]);
        foreach (var row in page)
            Check(row, [.. heads[row["seq"]]], noted);
        foreach (var stray in heads.Where(group => !page.Exists(row => row["seq"] == group.Key)))
            Find(stray.Key, "is gone, and heads of it are left");
        _last = end;
        return true;
    }

    private long _last;

    private void Check(Dictionary<string, string?> row, List<Dictionary<string, string?>> heads, string? noted)
    {
        Count++;
        if (row["seq"] != TrailText.Of(Count))
        {
            Find(row["seq"], $"stands where checkpoint {Count} should");
            Count = long.Parse(row["seq"]!, CultureInfo.InvariantCulture);
        }

        if (row["previous_hash"] != _previous)
            Find(row["seq"], $"follows {row["previous_hash"]}, but the one before has {_previous}");
        var hash = TrailCheckpoint.HashOf(row["seq"], row["at"], row["rounds"], row["previous_hash"], heads.Select(head => TrailCheckpoint.HeadLine(head["round_id"], head["trail_seq"], head["trail_hash"])));
        if (row["rounds"] != TrailText.Of(heads.Count))
            _findings.Add(new Finding($"trail_checkpoint_heads[checkpoint {row["seq"]}] or {Place(row["seq"])}", $"the checkpoint holds {row["rounds"]} trails, and {heads.Count} rows are there"));
        if (row["hash"] != hash)
            _findings.Add(new Finding($"{Place(row["seq"])} or trail_checkpoint_heads[checkpoint {row["seq"]}]", $"hash: is {row["hash"]}, and the content has {hash}"));
        Head = $"{row["seq"]}:{row["hash"]}";
        if (noted is not null && noted.StartsWith($"{row["seq"]}:", StringComparison.Ordinal) && noted != Head)
            Find(row["seq"], $"was noted as {noted}: the chain was written anew");
        _previous = row["hash"] ?? "";
    }

    private static string Place(string? seq) => $"trail_checkpoints[seq {seq}]";

    private void Find(string? seq, string what) => _findings.Add(new Finding(Place(seq), what));
}
