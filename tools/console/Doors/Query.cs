namespace Payouts.OperatorConsole.Doors;

/// <summary>What stands behind the question mark; what is null stays out.</summary>
internal sealed class Query
{
    private readonly List<(string Name, string Value)> _parts = [];

    public Query()
    {
    }

    private Query(IEnumerable<(string Name, string Value)> parts) => _parts.AddRange(parts);

    public Query With(string name, string? value) => value is null ? this : new Query([.. _parts.Where(x => x.Name != name), (name, value)]);

    public Query With(string name, int value) => With(name, FormattableString.Invariant($"{value}"));

    public override string ToString() => _parts.Count == 0 ? "" : "?" + string.Join('&', _parts.Select(x => $"{x.Name}={Uri.EscapeDataString(x.Value)}"));
}
