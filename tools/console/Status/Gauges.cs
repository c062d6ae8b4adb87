using System.Globalization;

namespace Payouts.OperatorConsole.Status;

/// <summary>Reads gauges with one label out of what a service shows to Prometheus (its text format, version 0.0.4).</summary>
internal static class Gauges
{
    /// <summary>Values by the label's value, in the service's order.</summary>
    public static IReadOnlyList<(string Label, double Value)> Read(string text, string name)
    {
        var found = new List<(string Label, double Value)>();
        foreach (var line in text.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal)))
        {
            var (open, close, end) = (line.IndexOf('"', StringComparison.Ordinal), line.LastIndexOf('"'), line.LastIndexOf('}'));
            if (open < close && close < end && double.TryParse(line[(end + 1)..].Trim().Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                found.Add((line[(open + 1)..close], value));
        }

        return found;
    }
}
