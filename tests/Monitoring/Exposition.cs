using System.Text.RegularExpressions;

namespace Payouts.Tests.Monitoring;

/// <summary>What /metrics shows, held to docs/metrics.md.</summary>
internal static partial class Exposition
{
    /// <summary>Families without a row, rows without a family, labels that the row does not have, values that its list does not have.</summary>
    public static IEnumerable<string> Differences(string job, string text, IReadOnlyList<MetricRow> rows)
    {
        var types = Type().Matches(text).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["type"].Value, StringComparer.Ordinal);
        foreach (var row in rows.Where(row => row.IsShownBy(job) && !types.ContainsKey(row.Metric.Name)))
            yield return $"{job} does not show {row.Metric.Name}";
        foreach (var (name, type) in types)
        {
            if (rows.FirstOrDefault(row => row.Metric.Name == name) is not { } row)
                yield return $"{job} shows {name}, which has no row";
            else if (row.Metric.Type != type)
                yield return $"{job} shows {name} as a {type}";
        }

        foreach (Match series in Series().Matches(text))
        {
            if (rows.FirstOrDefault(row => row.Metric.Name == series.Groups["name"].Value || row.Metric.Name == PromQl.BaseOf(series.Groups["name"].Value)) is not { } row)
                continue;
            var labels = Label().Matches(series.Groups["labels"].Value).Where(match => match.Groups["name"].Value != "le").ToList();
            if (!labels.Select(label => label.Groups["name"].Value).Order().SequenceEqual(row.Metric.Labels.Order()))
                yield return $"{job}: {series.Value} has other labels than its row";
            foreach (var label in labels.Where(label => row.Values.TryGetValue(label.Groups["name"].Value, out var listed) && !listed.Contains(label.Groups["value"].Value)))
                yield return $"{job}: {series.Value} has a value of {label.Groups["name"].Value} that is not in the list";
        }
    }

    [GeneratedRegex(@"^# TYPE (?<name>\S+) (?<type>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex(@"^(?<name>[a-z]\w*)(\{(?<labels>.*)\})? \S+$", RegexOptions.Multiline)]
    private static partial Regex Series();

    [GeneratedRegex("(?<name>\\w+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Label();
}
