using System.Globalization;
using System.Text.RegularExpressions;

namespace Payouts.Tests.Monitoring;

/// <summary>What becomes of the times in the committed rules when a test has only minutes. Nothing else of a rule is changed.</summary>
public abstract partial record RuleTimes
{
    private const string LateSigner = "max(signer_oldest_waiting_seconds) > 120";

    /// <summary>No alert waits before it fires, and the signer is late after 5 seconds instead of 120.</summary>
    public static RuleTimes AtOnce { get; } = new NoPatience();

    /// <summary>
    /// Every time of a rule divided by the same number: how long it must hold (for: 5m), over how long it looks ([10m]), and the age in seconds that a metric may have
    /// (max(outbox_oldest_message_seconds) > 60). Ledgers, rates, shares and balances are no times and stay.
    /// </summary>
    /// <param name="by">How many times longer the real thing takes than the test; below 1 on a machine that is slower than the real thing.</param>
    public static RuleTimes Compressed(double by) => by > 0
        ? new Shortened(by) : throw new ArgumentOutOfRangeException(nameof(by), by, "how many times longer the real thing takes: a number above 0");

    /// <summary>The text of a file of rules with these times.</summary>
    public abstract string Of(string rules);

    private sealed record NoPatience : RuleTimes
    {
        public override string Of(string rules) => Patience().Replace(rules, "").Replace(LateSigner, "max(signer_oldest_waiting_seconds) > 5", StringComparison.Ordinal);
    }

    private sealed record Shortened(double By) : RuleTimes
    {
        public override string Of(string rules) => Age().Replace(
            Minutes().Replace(rules, match => string.Create(CultureInfo.InvariantCulture, $"{60_000 * int.Parse(match.Value[..^1], CultureInfo.InvariantCulture) / By:0}ms")),
            match => string.Create(CultureInfo.InvariantCulture, $"{int.Parse(match.Value, CultureInfo.InvariantCulture) / By:0.###}"));
    }

    [GeneratedRegex(@"^ +for: \d+m\n", RegexOptions.Multiline)]
    private static partial Regex Patience();

    [GeneratedRegex(@"(?<=^ +for: |\[)\d+m(?=\]|$)", RegexOptions.Multiline)]
    private static partial Regex Minutes();

    // The number behind an aggregation over a metric that is named for its seconds; a count of them has another ending.
    [GeneratedRegex(@"(?<=_seconds(_bucket)?(\{[^}]*\})?(\[\d+ms\])?\)+ > )\d+")]
    private static partial Regex Age();
}
