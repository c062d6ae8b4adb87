namespace Payouts.Hosting.Observability;

/// <summary>PAYOUTS_LOG_FORMAT.</summary>
internal static class LogFormats
{
    /// <summary>For people.</summary>
    public const string Text = "text";

    /// <summary>A JSON object a line, for a collector.</summary>
    public const string Json = "json";

    /// <summary>What the setting holds.</summary>
    public const string Shape = "text or json";

    /// <exception cref="FormatException">Neither.</exception>
    public static string Parse(string text) => text is Text or Json ? text : throw new FormatException("write text or json");
}
