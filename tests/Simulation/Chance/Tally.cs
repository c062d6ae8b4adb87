namespace Payouts.Tests.Simulation.Chance;

/// <summary>What happened, counted: a run that injected nothing must be seen to have injected nothing.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>A kind such as "crash" and what of that kind.</summary>
    public void Add(string kind, string what, long by = 1) => _counts[$"{kind} {what}"] = Of(kind, what) + by;

    public long Of(string kind, string what) => _counts.GetValueOrDefault($"{kind} {what}");

    public long Sum(string kind) => All(kind).Sum(x => x.Count);

    public IEnumerable<(string What, long Count)> All(string kind) =>
        _counts.Where(x => x.Key.StartsWith(kind + " ", StringComparison.Ordinal)).Select(x => (x.Key[(kind.Length + 1)..], x.Value));

    /// <summary>Adds what another run counted.</summary>
    public void Add(Tally other)
    {
        foreach (var (key, count) in other._counts)
            _counts[key] = _counts.GetValueOrDefault(key) + count;
    }

    public override string ToString() => string.Join(Environment.NewLine, _counts
        .GroupBy(x => x.Key.Split(' ')[0])
        .Select(kind => $"{kind.Key}: " + string.Join(", ", kind.Select(x => $"{x.Key[(kind.Key.Length + 1)..]} {x.Value}"))));
}
