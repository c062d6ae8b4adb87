using System.Globalization;
using System.Text.Json;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Verifying;

/// <summary>
/// Holds one round against its trail: the chain's hashes, the row that the trail's changes add up to, and the rows that came with each entry.
/// Pure. A check that fails names its place and lets the next one look.
/// </summary>
internal sealed class RoundCheck(StoredRound stored, bool isForgotten)
{
    /// <summary>Columns that are the trail's own.</summary>
    private static readonly string[] TrailColumns = ["trail_count", "trail_head", "checkpointed"];

    private readonly List<Finding> _findings = [];
    private readonly Dictionary<string, string?> _replayed = new(StringComparer.Ordinal);

    public IReadOnlyList<Finding> Run()
    {
        CheckChain();
        CheckRow();
        CheckResolution();
        if (!isForgotten)
        {
            CheckEntries();
            CheckEnds();
            CheckAdopted();
        }

        CheckHeads();
        return _findings;
    }

    private bool HasResolved => stored.Trail.Any(row => row["action"] is nameof(TrailAction.Resolved) or nameof(TrailAction.Cancelled));

    private void CheckChain()
    {
        var previous = TrailText.Genesis;
        for (var i = 0; i < stored.Trail.Count; i++)
        {
            var row = stored.Trail[i];
            var place = Place("round_trail", $"seq {row["seq"]}");
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
        var place = Place("rounds", null);
        if (stored.Round is not { } round)
        {
            Find(place, "is gone; other tables still name it");
            return;
        }

        if (round["trail_count"] != TrailText.Of(stored.Trail.Count))
            Find(place, $"trail_count: is {round["trail_count"]}, but its trail has {stored.Trail.Count} entries");
        if (stored.Trail.Count == 0)
        {
            Find(place, "has no trail; the running service adopts a round that is older than the trail within a minute");
            return;
        }

        if (round["trail_head"] != stored.Trail[^1]["hash"])
            Find(place, $"trail_head: is {round["trail_head"]}, but its trail ends with {stored.Trail[^1]["hash"]}");
        foreach (var name in round.Keys.Union(_replayed.Keys).Except(TrailColumns).Order(StringComparer.Ordinal))
            if (round.GetValueOrDefault(name) != _replayed.GetValueOrDefault(name))
                Find(place, $"{name}: is {round.GetValueOrDefault(name) ?? "empty"}, but its trail makes it {_replayed.GetValueOrDefault(name) ?? "empty"}");
    }

    private void CheckResolution()
    {
        var came = stored.Trail.FirstOrDefault(row => row["action"] is nameof(TrailAction.Resolved) or nameof(TrailAction.Cancelled));
        var place = Place("round_resolutions", null);
        if (stored.Resolution is not { } resolution)
        {
            if (came is not null)
                Find(place, $"is gone; entry {came["seq"]} of the trail came with it");
        }
        else if (came is null)
            Find(place, "is there, but no entry of the trail came with it");
        else if (resolution["trail_seq"] != came["seq"])
            Find(place, $"trail_seq: is {resolution["trail_seq"]}, but entry {came["seq"]} came with it");
        else if (TrailContent.OfResolution(resolution) != came["content_hash"])
            Find(place, $"was changed: entry {came["seq"]} of the trail covers it with another hash");
    }

    private void CheckEntries() => CheckGroups(["round_entries"], stored.Entries, nameof(TrailAction.Entered), rows => TrailContent.OfEntries(rows));

    private void CheckEnds()
    {
        var ended = stored.Payouts.Where(row => row["trail_seq"] is not null).ToList();
        CheckGroups(["round_payouts", "round_former_ends"], [.. ended, .. stored.FormerEnds], nameof(TrailAction.PayoutsEnded), rows => TrailContent.OfEnds(rows));
        foreach (var row in stored.Payouts.Except(ended))
            if (row.Without("round_id", "winner", "amount").Any(x => x.Value is not null and not "0"))
                Find(Place("round_payouts", $"winner {row["winner"]}"), "has an end that no entry of the trail came with");
        // A former end comes before the one that replaced it.
        foreach (var former in stored.FormerEnds)
        {
            var now = stored.Payouts.FirstOrDefault(row => row["winner"] == former["winner"]);
            if (now is null || !(Number(now["trail_seq"]) > Number(former["trail_seq"])))
                Find(Place("round_former_ends", $"winner {former["winner"]}, trail_seq {former["trail_seq"]}"), "was followed by no later end");
        }
    }

    private void CheckGroups(string[] tables, IReadOnlyList<Dictionary<string, string?>> rows, string action, Func<IEnumerable<Dictionary<string, string?>>, string> hash)
    {
        var groups = rows.ToLookup(row => row["trail_seq"]);
        foreach (var entry in stored.Trail.Where(row => row["action"] == action))
            if (hash(groups[entry["seq"]]) != entry["content_hash"])
                Find(Places(tables, $"trail_seq {entry["seq"]}"), $"{groups[entry["seq"]].Count()} rows came with entry {entry["seq"]} of the trail, which covers others: one was changed, added or removed");
        var known = stored.Trail.Where(row => row["action"] == action || row["action"] == nameof(TrailAction.Adopted)).Select(row => row["seq"]).ToHashSet();
        foreach (var stray in groups.Where(group => !known.Contains(group.Key)))
            Find(Places(tables, $"trail_seq {stray.Key}"), $"{stray.Count()} rows name an entry of the trail that brought none");
    }

    private void CheckAdopted()
    {
        var adopted = stored.Trail.FirstOrDefault(row => row["action"] == nameof(TrailAction.Adopted));
        if (adopted is null)
            return;
        // Its debts are its own only when it was resolved before the trail began; else the resolution has them.
        var debts = HasResolved ? [] : stored.Payouts;
        var hash = TrailContent.OfAdopted(
            stored.Entries.Where(row => row["trail_seq"] == AdoptedContent.Seq), debts,
            stored.Payouts.Where(row => row["trail_seq"] == AdoptedContent.Seq).Concat(stored.FormerEnds.Where(row => row["trail_seq"] == AdoptedContent.Seq)));
        if (hash != adopted["content_hash"])
            Find($"{Place("round_entries", "trail_seq 1")} or {Place("round_payouts", null)}", "rows that are older than the trail were changed, added or removed since it began");
    }

    private void CheckHeads()
    {
        var entries = stored.Trail.GroupBy(row => row["seq"]).ToDictionary(group => group.Key!, group => group.First()["hash"], StringComparer.Ordinal);
        foreach (var head in stored.Heads)
            if (!entries.TryGetValue(head["trail_seq"] ?? "", out var hash) || hash != head["trail_hash"])
                Find($"{Place("round_trail", $"seq {head["trail_seq"]}")} or {HeadPlace(head)}", $"checkpoint {head["checkpoint"]} holds {head["trail_hash"]}, and the trail {hash ?? "no such entry"}");
        var last = stored.Heads.Count == 0 ? "0" : stored.Heads[^1]["trail_seq"];
        if (stored.Round is { } round && round["checkpointed"] != last)
            Find($"{Place("rounds", null)} or {Place("trail_checkpoint_heads", null)}", $"checkpointed: is {round["checkpointed"]}, but the last checkpoint of it holds entry {last}");
    }

    private static long Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static string HeadPlace(Dictionary<string, string?> head) => $"trail_checkpoint_heads[checkpoint {head["checkpoint"]}, round \"{head["round_id"]}\"]";

    private string Place(string table, string? row) => $"{table}[round \"{stored.Id}\"{(row is null ? "" : $", {row}")}]";

    private string Places(string[] tables, string row) => string.Join(" or ", tables.Select(table => Place(table, row)));

    private void Find(string place, string what) => _findings.Add(new Finding(place, what));
}
