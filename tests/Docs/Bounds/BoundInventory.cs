using System.Text.RegularExpressions;
using Payouts.Tests.Support;

namespace Payouts.Tests.Docs.Bounds;

/// <summary>docs/bounds.md, read: its rows, and what they say wrong.</summary>
internal sealed partial class BoundInventory
{
    private const string TablesSection = "Tables";

    private readonly List<Row> _rows = [];

    private BoundInventory(string text)
    {
        var section = "";
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                section = line[3..].Trim();
            else if (RowLine().Match(line) is { Success: true } row)
                _rows.Add(new Row(section, row.Groups["name"].Value, row.Groups["value"].Value.Trim(), row.Groups["beyond"].Value.Trim(), row.Groups["tests"].Value));
        }
    }

    public static BoundInventory Read() => new(File.ReadAllText(RepositoryRoot.PathOf("docs/bounds.md")));

    public static BoundInventory Of(string text) => new(text);

    /// <summary>Names that stand in the inventory and not in the source, or the other way round, and values that differ.</summary>
    public IEnumerable<string> Compare(IEnumerable<Bound> found)
    {
        var stated = _rows.Where(row => row.Section != TablesSection).ToLookup(row => (row.Section, row.Name));
        var bounds = found.ToList();
        foreach (var bound in bounds)
        {
            var rows = stated[(bound.Room, bound.Name)].ToList();
            if (rows.Count != 1)
                yield return $"{bound.Room}: {bound.Name} ({bound.Value}) stands in {rows.Count} rows; write one, with a test at the bound";
            else if (bound.Value is { } value && !$"{rows[0].Value} ".StartsWith(value + " ", StringComparison.Ordinal))
                yield return $"{bound.Room}: {bound.Name} is {value} in the source, '{rows[0].Value}' in the inventory";
        }

        foreach (var row in stated.SelectMany(x => x).Where(row => !bounds.Any(bound => (bound.Room, bound.Name) == (row.Section, row.Name))))
            yield return $"{row.Section}: {row.Name} is no bound of the source";
    }

    /// <summary>Tables without a row, rows without a table, and rules that differ.</summary>
    public IEnumerable<string> Compare(IEnumerable<StoredTable> found)
    {
        var stated = _rows.Where(row => row.Section == TablesSection).ToLookup(row => row.Name, StringComparer.Ordinal);
        var tables = found.ToList();
        foreach (var table in tables)
        {
            var name = $"{table.Room[(table.Room.IndexOf('/', StringComparison.Ordinal) + 1)..]}.{table.Name}";
            if (stated[name].SingleOrDefault() is not { } row)
                yield return $"{name}: say what keeps it bounded, or why it is kept for ever";
            else if (table.IsForgotten != row.Value.StartsWith("retention", StringComparison.Ordinal))
                yield return $"{name}: a retention rule {(table.IsForgotten ? "forgets its rows" : "does not exist")}, the inventory says '{row.Value}'";
            else if (!TableEnd().IsMatch(row.Value))
                yield return $"{name}: '{row.Value}' is no end of a table";
        }

        foreach (var row in stated.SelectMany(x => x).Where(row => !tables.Any(table => row.Name.EndsWith($".{table.Name}", StringComparison.Ordinal))))
            yield return $"{row.Name} is no table";
    }

    /// <summary>Rows that say nothing of what happens, name no test, or one that does not exist.</summary>
    public IEnumerable<string> Unproven(Func<string, string, bool> exists)
    {
        foreach (var row in _rows)
        {
            var tests = TestName().Matches(row.Tests);
            if (row.Beyond.Length == 0 || tests.Count == 0 || !row.Value.Any(char.IsLetter))
                yield return $"{row.Section}: {row.Name} needs a value with its unit, what happens beyond it, and a test";
            foreach (Match test in tests)
            {
                if (!exists(test.Groups["class"].Value, test.Groups["method"].Value))
                    yield return $"{row.Section}: {row.Name} names {test.Value}, which does not exist";
            }
        }
    }

    private sealed record Row(string Section, string Name, string Value, string Beyond, string Tests);

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (?<value>[^|]*) \| (?<beyond>[^|]*) \| (?<tests>[^|]*) \|$")]
    private static partial Regex RowLine();

    [GeneratedRegex(@"`(?<class>When_\w+)\.(?<method>Should_\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex("^(retention|in flight|inbox|configured|one row|kept)")]
    private static partial Regex TableEnd();
}
