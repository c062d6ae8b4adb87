using System.Globalization;

namespace Payouts.OperatorConsole.Output;

/// <summary>Shows times, in this machine's zone or in UTC; each says which.</summary>
internal sealed record Clock(TimeProvider Time, bool Utc)
{
    /// <summary>2026-12-01 10:00:00Z, or with the zone's offset; what is no time stays as it is.</summary>
    public string Show(string text) => Read(text) is not { } at ? Plain.Line(text)
        : Utc ? at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : TimeZoneInfo.ConvertTime(at, Time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>How long ago it was, such as 3 min; nothing for what is no time.</summary>
    public string Ago(string text) => Read(text) is { } at ? Span(Time.GetUtcNow() - at) : "";

    /// <summary>Whether the time is over.</summary>
    public bool IsOver(string text) => Read(text) is { } at && at <= Time.GetUtcNow();

    /// <summary>In the largest unit that is below it: 45 s, 3 min, 5 h, 12 d.</summary>
    public static string Span(TimeSpan span) => Whole(span) switch
    {
        ( < 2 * 60, var s) => $"{s} s",
        ( < 2 * 3600, var s) => $"{s / 60} min",
        ( < 2 * 86400, var s) => $"{s / 3600} h",
        var (_, s) => $"{s / 86400} d",
    };

    private static (long Seconds, long Same) Whole(TimeSpan span) => ((long)Math.Max(0, span.TotalSeconds), (long)Math.Max(0, span.TotalSeconds));

    private static DateTimeOffset? Read(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
