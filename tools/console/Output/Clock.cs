using System.Globalization;

namespace Payouts.OperatorConsole.Output;

/// <summary>Shows times, in this machine's zone or in UTC; each says which.</summary>
internal sealed record Clock(TimeProvider Time, bool Utc)
{
    // In seconds.
    private const int Minute = 60;
    private const int Hour = 60 * Minute;
    private const int Day = 24 * Hour;

    /// <summary>2026-12-01 10:00:00Z, or with the zone's offset; what is no time stays as it is.</summary>
    public string Show(string text) => Read(text) is not { } at ? Plain.Line(text)
        : Utc ? at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : TimeZoneInfo.ConvertTime(at, Time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>How long ago it was, such as 3 min; nothing for what is no time.</summary>
    public string Ago(string text) => Read(text) is { } at ? Span(Time.GetUtcNow() - at) : "";

    /// <summary>Whether the time is over.</summary>
    public bool IsOver(string text) => Read(text) is { } at && at <= Time.GetUtcNow();

    /// <summary>In the largest unit that is below it: 45 s, 3 min, 5 h, 12 d.</summary>
    public static string Span(TimeSpan span)
    {
        var seconds = (long)Math.Max(0, span.TotalSeconds);
        return seconds switch
        {
            < 2 * Minute => $"{seconds} s",
            < 2 * Hour => $"{seconds / Minute} min",
            < 2 * Day => $"{seconds / Hour} h",
            _ => $"{seconds / Day} d",
        };
    }

    private static DateTimeOffset? Read(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
