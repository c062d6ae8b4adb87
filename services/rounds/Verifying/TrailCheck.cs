using System.Text.Json;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Verifying;

/// <summary>
/// Holds a row against its trail: the chain's hashes, the row that the trail's changes add up to, and what checkpoints hold of it. Pure. A check
/// that fails names its place and lets the next one look.
/// </summary>
internal sealed class TrailCheck(StoredTrail stored)
{
    /// <summary>Columns that are the trail's own.</summary>
    private static readonly string[] TrailColumns = ["trail_count", "trail_head", "checkpointed"];

    private readonly List<Finding> _findings = [];
    private readonly Dictionary<string, string?> _replayed = new(StringComparer.Ordinal);

    public IReadOnlyList<Finding> Run()
    {
        CheckChain();
        CheckRow();
        CheckHeads();
        return _findings;
    }

    private void CheckChain()
    {
        var previous = TrailText.Genesis;
        for (var i = 0; i < stored.Lines.Count; i++)
        {
            var row = stored.Lines[i];
            var place = stored.Place("round_trail", $"seq {row["seq"]}");
            if (row["seq"] != TrailText.Of(i + 1))
                Find(place, $"stands where entry {i + 1} should");
            if (row["previous_hash"] != previous)
                Find(place, $"follows {row["previous_hash"]}, but the entry before has {previous}");
            var hash = TrailEntry.HashOf(row["round_id"], row["seq"], row["at"], row["action"], row["actor"], row["reason"], row["before_values"], row["after_values"], row["content_hash"], row["previous_hash"]);
            if (row["hash"] != hash)
                Find(place, $"has the hash {row["hash"]}, and its content {hash}");
            Replay(place, row);
            previous = row["hash"] ?? "";
        }
    }

    private void Replay(string place, Dictionary<string, string?> row)
    {
        try
        {
            var before = JsonSerializer.Deserialize<Dictionary<string, string?>>(row["before_values"] ?? "{}") ?? [];
            foreach (var (name, value) in before)
                if (_replayed.GetValueOrDefault(name) != value)
                    Find(place, $"says that {name} was {value ?? "empty"} before, but the entries before it left it {_replayed.GetValueOrDefault(name) ?? "empty"}");
            foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, string?>>(row["after_values"] ?? "{}") ?? [])
                _replayed[name] = value;
        }
        catch (JsonException)
        {
            Find(place, "tells its changes in what is no JSON");
        }
    }

    private void CheckRow()
    {
        var place = stored.Place(stored.Table, null);
        if (stored.Row is not { } row)
        {
            Find(place, "is gone; other tables still name it");
            return;
        }

        if (row["trail_count"] != TrailText.Of(stored.Lines.Count))
            Find(place, $"trail_count: is {row["trail_count"]}, but its trail has {stored.Lines.Count} entries");
        if (stored.Lines.Count == 0)
        {
            Find(place, "has no trail; the running service adopts what is older than the trail within a minute");
            return;
        }

        if (row["trail_head"] != stored.Lines[^1]["hash"])
            Find(place, $"trail_head: is {row["trail_head"]}, but its trail ends with {stored.Lines[^1]["hash"]}");
        foreach (var name in row.Keys.Union(_replayed.Keys).Except(TrailColumns).Order(StringComparer.Ordinal))
            if (row.GetValueOrDefault(name) != _replayed.GetValueOrDefault(name))
                Find(place, $"{name}: is {row.GetValueOrDefault(name) ?? "empty"}, but its trail makes it {_replayed.GetValueOrDefault(name) ?? "empty"}");
    }

    private void CheckHeads()
    {
        var lines = stored.Lines.GroupBy(row => row["seq"]).ToDictionary(group => group.Key!, group => group.First()["hash"], StringComparer.Ordinal);
        foreach (var head in stored.Heads)
            if (!lines.TryGetValue(head["trail_seq"] ?? "", out var hash) || hash != head["trail_hash"])
                Find($"{stored.Place("round_trail", $"seq {head["trail_seq"]}")} or {HeadPlace(head)}", $"checkpoint {head["checkpoint"]} holds {head["trail_hash"]}, and the trail {hash ?? "no such entry"}");
        var last = stored.Heads.Count == 0 ? "0" : stored.Heads[^1]["trail_seq"];
        if (stored.Row is { } row && row["checkpointed"] != last)
            Find($"{stored.Place(stored.Table, null)} or {stored.Place("trail_checkpoint_heads", null)}", $"checkpointed: is {row["checkpointed"]}, but the last checkpoint of it holds entry {last}");
    }

    private static string HeadPlace(Dictionary<string, string?> head) => $"trail_checkpoint_heads[checkpoint {head["checkpoint"]}, round \"{head["round_id"]}\"]";

    private void Find(string place, string what) => _findings.Add(new Finding(place, what));
}
