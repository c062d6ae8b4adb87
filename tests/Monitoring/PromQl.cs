using System.Text.RegularExpressions;

namespace Payouts.Tests.Monitoring;

/// <summary>What a query names. No parser of PromQL: the real one is promtool's and a live server's.</summary>
/// <param name="Metrics">Metrics, with the endings of histograms as they are written.</param>
/// <param name="Labels">Labels of selectors and groupings.</param>
internal sealed partial record PromQl(IReadOnlyCollection<string> Metrics, IReadOnlyCollection<string> Labels)
{
    private static readonly string[] Words = ["and", "or", "unless", "bool", "offset"];

    public static PromQl Of(string query)
    {
        var bare = Quoted().Replace(query, "\"\"");
        var labels = Grouping().Matches(bare).SelectMany(match => match.Groups["labels"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Concat(Selector().Matches(bare).SelectMany(match => Matcher().Matches(match.Value).Select(label => label.Groups[1].Value)))
            .ToHashSet(StringComparer.Ordinal);
        bare = Grouping().Replace(Selector().Replace(Range().Replace(bare, " "), " "), " ");
        return new PromQl(Name().Matches(bare).Select(match => match.Value).Except(Words).ToHashSet(StringComparer.Ordinal), labels);
    }

    /// <summary>The metric that a name belongs to: a histogram is asked for by its parts.</summary>
    public static string BaseOf(string name) => HistogramPart().Replace(name, "");

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(by|without|on|ignoring)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"([a-zA-Z_]\w*)\s*(=~|!~|!=|=)")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"(?<![\w.])[a-zA-Z_:][\w:]*(?!\w|\s*\()")]
    private static partial Regex Name();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();
}
