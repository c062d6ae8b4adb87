using System.Globalization;
using System.Text.RegularExpressions;
using Payouts.Tests.Support;

namespace Payouts.Tests.Docs.Bounds;

/// <summary>
/// Finds the bounds that the source states, by the house's names: numbers read from settings, constants, options and parameters called so, and
/// what runs or grows without one. Text, not types: it must see what a compiled program no longer shows.
/// </summary>
internal static partial class BoundScan
{
    /// <summary>Where bounds are looked for; of the devnet only what stands for the network's limits.</summary>
    private static readonly string[] Rooms = ["services/rounds", "services/payout-builder", "services/payout-signer", "services/payout-submitter", "shared/hosting", "shared/stellar", "tools/devnet/Ledger"];

    /// <summary>Every bound of the repository, each once.</summary>
    public static IReadOnlyList<Bound> OfRepository()
    {
        var files = Rooms.SelectMany(room => Sources(room, "*.cs").Select(path => (Room: room, Text: File.ReadAllText(path)))).ToList();
        var constants = files.SelectMany(file => Constants(Code(file.Text))).GroupBy(x => x.Name).ToDictionary(x => x.Key, x => x.First().Expression, StringComparer.Ordinal);
        return [.. files.SelectMany(file => Of(file.Room, file.Text, constants)).Distinct()];
    }

    /// <summary>The bounds of one file.</summary>
    public static IEnumerable<Bound> Of(string room, string text, IReadOnlyDictionary<string, string>? constants = null)
    {
        var code = Code(text);
        var known = constants ?? new Dictionary<string, string>();
        foreach (Match match in Setting().Matches(code))
            yield return new Bound(room, SettingName(match.Groups["name"].Value), Evaluate(match.Groups["min"].Value, known) is { } min && Evaluate(match.Groups["max"].Value, known) is { } max ? $"{min} to {max}" : null);
        foreach (var (name, expression) in Constants(code))
            yield return new Bound(room, name, Evaluate(expression, known));
        foreach (Match match in Property().Matches(code))
        {
            if (OptionsType().IsMatch(TypeAt(code, match.Index)))
                yield return new Bound(room, $"{TypeAt(code, match.Index)}.{match.Groups["name"].Value}", Evaluate(match.Groups["value"].Value, known));
        }

        foreach (Match match in Parameter().Matches(code))
            yield return new Bound(room, $"{TypeAt(code, match.Index)}({match.Groups["name"].Value})", Evaluate(match.Groups["value"].Value, known));
        foreach (Match match in Positional().Matches(code))
        {
            if (OptionsType().IsMatch(match.Groups["type"].Value))
            {
                foreach (Match member in Member().Matches(match.Groups["members"].Value))
                    yield return new Bound(room, $"{match.Groups["type"].Value}.{member.Groups["name"].Value}", null);
            }
        }

        foreach (Match match in Unbounded().Matches(code))
            yield return new Bound(room, $"{TypeAt(code, match.Index)}: {(match.Value.StartsWith("for", StringComparison.Ordinal) ? "for without an end" : match.Value)}", null);
        foreach (Match match in UnnamedCut().Matches(code))
            yield return new Bound(room, $"{TypeAt(code, match.Index)}: a cut at {match.Groups["number"].Value} that has no name", null);
    }

    /// <summary>Every table that a migration creates, with what its service forgets of it.</summary>
    public static IReadOnlyList<StoredTable> Tables() =>
    [
        .. Rooms.SelectMany(room =>
        {
            var forgotten = Sources(room, "*Retention*.cs").SelectMany(path => Rule().Matches(File.ReadAllText(path)).Select(match => match.Groups["table"].Value)).ToHashSet(StringComparer.Ordinal);
            return Sources(room, "*.sql").SelectMany(path => Table().Matches(File.ReadAllText(path)).Select(match => match.Groups["table"].Value)).Distinct()
                .Select(table => new StoredTable(room, table, forgotten.Contains(table)));
        }),
    ];

    private static IEnumerable<string> Sources(string room, string pattern) => Directory
        .EnumerateFiles(RepositoryRoot.PathOf(room), pattern, SearchOption.AllDirectories)
        .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "Generated")).Order(StringComparer.Ordinal);

    private static IEnumerable<(string Name, string Expression)> Constants(string code) =>
        Constant().Matches(code).Select(match => ($"{TypeAt(code, match.Index)}.{match.Groups["name"].Value}", match.Groups["value"].Value));

    /// <summary>The name of the variable behind SettingNames.X.</summary>
    private static string SettingName(string constant)
    {
        var names = File.ReadAllText(RepositoryRoot.PathOf("shared/hosting/Configuration/SettingNames.cs"));
        return Regex.Match(names, $"const string {constant} = \"(?<name>\\w+)\"").Groups["name"] is { Success: true } found ? found.Value : constant;
    }

    /// <summary>What a reader would write: 10,000, 5 min; null for an expression of another kind.</summary>
    private static string? Evaluate(string expression, IReadOnlyDictionary<string, string> constants)
    {
        expression = expression.Trim();
        if (constants.TryGetValue(expression, out var meant))
            return Evaluate(meant, constants);
        if (Duration().Match(expression) is { Success: true } duration && Evaluate(duration.Groups["value"].Value, constants) is { } count)
            return $"{count} {duration.Groups["unit"].Value switch { "Days" => "d", "Hours" => "h", "Minutes" => "min", "Seconds" => "s", _ => "ms" }}";
        if (expression == "uint.MaxValue")
            return Write(uint.MaxValue);
        return Product().IsMatch(expression)
            ? Write(expression.Split('*').Select(factor => long.Parse(factor.Trim().Replace("_", "", StringComparison.Ordinal).TrimEnd('u', 'L', 'U', 'l'), CultureInfo.InvariantCulture)).Aggregate((product, factor) => product * factor))
            : null;
    }

    private static string Write(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Code(string text) => Comment().Replace(text, "");

    /// <summary>The innermost type whose braces hold the place.</summary>
    private static string TypeAt(string code, int index) =>
        TypeHead().Matches(code[..index]).LastOrDefault(match => DepthBetween(code, match.Index, index) > 0 || IsInHead(code, match.Index, index))?.Groups["name"].Value ?? "";

    private static int DepthBetween(string code, int from, int to) => code.AsSpan(from, to - from).Count('{') - code.AsSpan(from, to - from).Count('}');

    private static bool IsInHead(string code, int from, int to) => code.AsSpan(from, to - from).IndexOfAny("{;") < 0;

    [GeneratedRegex(@"\.Number\(\s*SettingNames\.(?<name>\w+),\s*[^,]+(?:\?[^,]+)?,\s*(?<min>[^,]+),\s*(?<max>[^)]+)\)")]
    private static partial Regex Setting();

    [GeneratedRegex(@"\b(?:const|static readonly)\s+(?!string\b)[\w<>?.]+\s+(?<name>\w*(?:Max|Min|Limit|PageSize|PerPage|PerPass)|(?:Max|Min)[A-Z]\w*)\s*=\s*(?<value>[^;]+);")]
    private static partial Regex Constant();

    [GeneratedRegex(@"\bpublic\s+(?:required\s+)?[\w<>?.]+\s+(?<name>\w*(?:Max|Min|Limit)|(?:Max|Min)[A-Z]\w*)\s*\{\s*get;[^}]*\}(?:\s*=\s*(?<value>[^;]+);)?")]
    private static partial Regex Property();

    [GeneratedRegex(@"[(,]\s*(?:int|long|uint)\s+(?<name>\w+(?:Max|Min|Limit))\s*=\s*(?<value>[\d_]+)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\brecord (?:struct )?(?<type>[A-Z]\w*)\((?<members>[^)]*)\)")]
    private static partial Regex Positional();

    [GeneratedRegex(@"\b(?<name>\w+(?:Max|Min|Limit))\b\s*(?:,|$)")]
    private static partial Regex Member();

    [GeneratedRegex(@"while \(true\)|for \([^;()]*;\s*;|Channel\.CreateUnbounded|new BlockingCollection")]
    private static partial Regex Unbounded();

    // Thirty-two bytes are a key or a hash.
    [GeneratedRegex(@"\[\.\.(?!32\])(?<number>[\d_]{2,})\]")]
    private static partial Regex UnnamedCut();

    [GeneratedRegex(@"\b(?:class|record struct|record|struct)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex TypeHead();

    [GeneratedRegex("(Options|Settings|Policy|Limits)$")]
    private static partial Regex OptionsType();

    [GeneratedRegex(@"^TimeSpan\.From(?<unit>Days|Hours|Minutes|Seconds|Milliseconds)\((?<value>.+)\)$")]
    private static partial Regex Duration();

    [GeneratedRegex(@"^[\d_]+[uULl]*(\s*\*\s*[\d_]+[uULl]*)*$")]
    private static partial Regex Product();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"create table (?:if not exists )?(?<table>[a-z_]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Table();

    [GeneratedRegex("new(?:\\(|<\\w+>\\()\\s*\"(?<table>[a-z_]+)\",\\s*\"[a-z_, ]+\"|=> new\\(\"(?<table>[a-z_]+)\"")]
    private static partial Regex Rule();
}
