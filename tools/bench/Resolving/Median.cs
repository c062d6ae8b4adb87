namespace Payouts.Bench.Resolving;

/// <summary>The middle of several measurements: one that other work on the machine made slow does not move it.</summary>
internal static class Median
{
    /// <summary>In milliseconds, to the microsecond.</summary>
    public static double Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToList();
        return Math.Round((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]).TotalMilliseconds / 2, 3);
    }
}
