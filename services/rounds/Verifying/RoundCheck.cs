using System.Globalization;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Verifying;

/// <summary>
/// Holds one round against its trail: what <see cref="TrailCheck"/> looks at, and the rows that came with each entry. Pure. A check that fails
/// names its place and lets the next one look.
/// </summary>
internal sealed class RoundCheck(StoredRound stored, bool isForgotten)
{
    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> Run()
    {
        _findings.AddRange(new TrailCheck(stored.Chain).Run());
        CheckResolution();
        if (!isForgotten)
        {
            CheckEntries();
            CheckEnds();
            CheckAdopted();
        }

        return _findings;
    }

    private bool HasResolved => stored.Trail.Any(row => row["action"] is nameof(TrailAction.Resolved) or nameof(TrailAction.Cancelled));

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

    private static long Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private string Place(string table, string? row) => stored.Chain.Place(table, row);

    private string Places(string[] tables, string row) => string.Join(" or ", tables.Select(table => Place(table, row)));

    private void Find(string place, string what) => _findings.Add(new Finding(place, what));
}
