using System.Text.RegularExpressions;

namespace Payouts.Tests.Monitoring;

/// <summary>One metric, as code or document has it.</summary>
/// <param name="Name">Its name at /metrics.</param>
/// <param name="Type">counter, gauge or histogram.</param>
/// <param name="Labels">In no order.</param>
internal sealed record Metric(string Name, string Type, IReadOnlyList<string> Labels);

/// <summary>One row of docs/metrics.md.</summary>
/// <param name="Metric">What it is about.</param>
/// <param name="Values">For each label whose values the row lists one by one, these.</param>
/// <param name="Services">Who shows it: names, "all" or "all four".</param>
/// <param name="Query">How it is asked for.</param>
/// <param name="Alerts">Which alerts watch it.</param>
internal sealed record MetricRow(Metric Metric, IReadOnlyDictionary<string, IReadOnlyList<string>> Values, string Services, string Query, IReadOnlyList<string> Alerts)
{
    /// <summary>Of the process of that job.</summary>
    public bool IsShownBy(string job) => Services switch
    {
        "all" => true,
        "all four" => job is "rounds" or "payout-builder" or "payout-signer" or "payout-submitter",
        var names => names.Split(", ").Contains(job),
    };
}

/// <summary>docs/metrics.md, as a table.</summary>
internal static partial class MetricsDocument
{
    public static IReadOnlyList<MetricRow> Load() => Parse(File.ReadAllText(RepositoryRoot.PathOf("docs", "metrics.md")));

    public static IReadOnlyList<MetricRow> Parse(string text)
    {
        // "as above" is what the last row with that label said.
        var above = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        return [.. text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => Row(line, above))];
    }

    private static MetricRow Row(string line, Dictionary<string, IReadOnlyList<string>> above)
    {
        if (line.Split('|', StringSplitOptions.TrimEntries) is not ["", var name, var type, var labels, var services, var meaning, var query, var alerts, ""])
            throw new FormatException($"not seven cells: {line}");
        meaning.ShouldNotBeEmpty(line);
        var parts = labels.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var names = new List<string>();
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            var (head, tail) = part.Split(':', 2, StringSplitOptions.TrimEntries) is [var before, var after] ? (before, after) : throw new FormatException($"{name}: labels without their values: {part}");
            var here = Code().Matches(head).Select(match => match.Groups[1].Value).ToList();
            names.AddRange(here);
            var listed = tail.Split(", ");
            foreach (var label in here)
            {
                if (tail != "as above")
                    above[label] = listed.Length > 1 && listed.All(value => OneValue().IsMatch(value)) ? listed : [];
                if (above.TryGetValue(label, out var known) && known.Count > 0)
                    values[label] = known;
            }
        }

        return new MetricRow(new Metric(name.Trim('`'), type, names), values, services, query.Trim('`'),
            alerts.Split(", ", StringSplitOptions.RemoveEmptyEntries));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[\w.-]+$")]
    private static partial Regex OneValue();
}
