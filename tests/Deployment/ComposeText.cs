using System.Text.RegularExpressions;

namespace Payouts.Tests.Deployment;

/// <summary>Compose's variables within values: ${NAME:-default}.</summary>
internal static partial class ComposeText
{
    public static string WithDefaults(string value) => Variable().Replace(value, match => match.Groups["default"].Value);

    /// <summary>Each variable with its default.</summary>
    public static IEnumerable<(string Name, string Default)> VariablesOf(string text) =>
        Variable().Matches(text).Select(match => (match.Groups["name"].Value, match.Groups["default"].Value)).Distinct();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_0-9]+)(?::-(?<default>[^}]*))?\}")]
    private static partial Regex Variable();
}
