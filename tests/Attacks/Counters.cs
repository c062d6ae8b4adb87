using System.Globalization;
using System.Text.RegularExpressions;

namespace Payouts.Tests.Attacks;

/// <summary>What a service counts of refusals and requests, as its /metrics shows it.</summary>
internal sealed partial class Counters
{
    public const string RefusedCalls = "http_requests_total{code=\"4xx\"}";

    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    private Counters()
    {
    }

    public static string Answer(string outcome) => $"signer_answers_total{{outcome=\"{outcome}\"}}";

    public static string Request(string decision) => $"signer_requests_total{{decision=\"{decision}\"}}";

    public static string Letters => "dead_letters_total{service=\"payout_signer\"}";

    public static Counters Of(string metrics)
    {
        var counters = new Counters();
        foreach (Match line in Line().Matches(metrics))
        {
            var (series, value) = (line.Groups["series"].Value, double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture));
            // Which endpoint it was does not matter here, and who was let in does not either.
            if (series.StartsWith("http_requests_total", StringComparison.Ordinal))
                series = series.Contains("code=\"4xx\"", StringComparison.Ordinal) ? RefusedCalls : "";
            if (series.Length > 0)
                counters._values[series] = counters._values.GetValueOrDefault(series) + value;
        }

        return counters;
    }

    /// <summary>What has risen since, and by how much.</summary>
    public Dictionary<string, double> Since(Counters before) => _values
        .Select(now => (now.Key, Risen: now.Value - before._values.GetValueOrDefault(now.Key)))
        .Where(x => x.Risen != 0).ToDictionary(x => x.Key, x => x.Risen, StringComparer.Ordinal);

    [GeneratedRegex(@"^(?<series>(signer_answers_total|signer_requests_total|signer_order_conflicts_total|dead_letters_total|http_requests_total)(\{.*\})?) (?<value>\S+)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
