using System.Text.RegularExpressions;

namespace Payouts.Tests.Monitoring;

/// <summary>Every metric that services and shared rooms make, read from their source.</summary>
internal static partial class MetricsInCode
{
    public static IReadOnlyList<Metric> Load()
    {
        var files = new[] { "services", "shared" }
            .SelectMany(room => Directory.EnumerateFiles(RepositoryRoot.PathOf(room), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj"));
        return [.. files.SelectMany(path => Parse(File.ReadAllText(path)))];
    }

    public static IEnumerable<Metric> Parse(string source) => Creation().Matches(source).Select(match =>
    {
        var texts = Text().Matches(Arguments(source, match.Index + match.Length)).Select(text => text.Groups[1].Value).ToList();
        return new Metric(texts[0], match.Groups["type"].Value.ToLowerInvariant(), [.. texts.Skip(2)]);
    });

    /// <summary>What stands between an opening parenthesis and its closing one.</summary>
    private static string Arguments(string source, int start)
    {
        var (depth, quoted, end) = (1, false, start);
        for (; depth > 0; end++)
        {
            if (source[end] == '"')
                quoted = !quoted;
            else if (!quoted)
                depth += source[end] switch { '(' => 1, ')' => -1, _ => 0 };
        }

        return source[start..end];
    }

    [GeneratedRegex(@"Metrics\s*\.\s*Create(?<type>Counter|Gauge|Histogram)\(")]
    private static partial Regex Creation();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Text();
}
