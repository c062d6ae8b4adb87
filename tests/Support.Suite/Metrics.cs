using System.Globalization;
using System.Text.RegularExpressions;
using Payouts.Tests.Support;

namespace Payouts.Tests.Suite;

/// <summary>What a process shows at /metrics, read as Prometheus reads it.</summary>
public static partial class Metrics
{
    /// <summary>The values of a metric's series, by one of its labels.</summary>
    public static async Task<Dictionary<string, double>> ByLabelAsync(ServiceProcess process, string metric, string label, CancellationToken cancellationToken) =>
        (await SeriesAsync(process, metric, cancellationToken)).ToDictionary(series => Regex.Match(series.Labels, $"{label}=\"([^\"]*)\"").Groups[1].Value, series => series.Value, StringComparer.Ordinal);

    /// <summary>The sum over a metric's series whose labels contain <paramref name="part"/>, such as kind="PaidTwice"; "" takes all of them.</summary>
    public static async Task<double> SumAsync(ServiceProcess process, string metric, string part, CancellationToken cancellationToken) =>
        (await SeriesAsync(process, metric, cancellationToken)).Where(series => series.Labels.Contains(part, StringComparison.Ordinal)).Sum(series => series.Value);

    private static async Task<IReadOnlyList<(string Labels, double Value)>> SeriesAsync(ServiceProcess process, string metric, CancellationToken cancellationToken) =>
        [.. Line().Matches(await process.Http.GetStringAsync("metrics", cancellationToken)).Where(line => line.Groups["name"].Value == metric)
            .Select(line => (line.Groups["labels"].Value, double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture)))];

    [GeneratedRegex(@"^(?<name>\w+)(\{(?<labels>.*)\})? (?<value>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
