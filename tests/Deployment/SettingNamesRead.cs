using System.Text.RegularExpressions;

namespace Payouts.Tests.Deployment;

/// <summary>The settings that a service's program reads, found in its source: the constants of SettingNames that its files name, and those of what it registers.</summary>
internal static partial class SettingNamesRead
{
    /// <summary>Read by ServiceHost for every program.</summary>
    private static readonly string[] OfEveryHost = ["RABBITMQ_URL", "HTTP_API_KEY"];

    public static IReadOnlyList<string> By(Component component)
    {
        var constants = Constants();
        var text = string.Concat(Directory.EnumerateFiles(RepositoryRoot.PathOf(component.Folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        var named = Use().Matches(text).Select(match => constants[match.Groups["constant"].Value]);
        var registered = text.Contains(".AddSorobanRpc(", StringComparison.Ordinal) ? ["SOROBAN_RPC_URL"] : Array.Empty<string>();
        if (text.Contains(".AddRetention(", StringComparison.Ordinal))
            registered = [.. registered, "PAYOUTS_RETENTION_DAYS"];
        return [.. named.Concat(registered).Concat(OfEveryHost).Distinct().Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, string> Constants() =>
        Constant().Matches(File.ReadAllText(RepositoryRoot.PathOf("shared/hosting/Configuration/SettingNames.cs")))
            .ToDictionary(match => match.Groups["constant"].Value, match => match.Groups["name"].Value, StringComparer.Ordinal);

    [GeneratedRegex("public const string (?<constant>\\w+) = \"(?<name>[A-Z][A-Z0-9_]+)\";")]
    private static partial Regex Constant();

    [GeneratedRegex(@"\bSettingNames\.(?<constant>(?!All\b)\w+)")]
    private static partial Regex Use();
}
