using System.Text.RegularExpressions;

namespace Payouts.Tests.Deployment;

/// <summary>The settings that a service's program reads, found in its source: the constants of SettingNames that its files name, and those of what it registers.</summary>
internal static partial class SettingNamesRead
{
    /// <summary>Read by ServiceHost for every program.</summary>
    private static readonly string[] OfEveryHost = ["RABBITMQ_URL", "HTTP_API_KEY"];

    public static IReadOnlyList<string> By(Component component)
    {
        var text = string.Concat(Directory.EnumerateFiles(RepositoryRoot.PathOf(component.Folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        var named = Use().Matches(text).Select(match => Constants[match.Groups["constant"].Value]);
        var registered = text.Contains(".AddSorobanRpc(", StringComparison.Ordinal) ? ["SOROBAN_RPC_URL"] : Array.Empty<string>();
        if (text.Contains(".AddRetention(", StringComparison.Ordinal))
            registered = [.. registered, "PAYOUTS_RETENTION_DAYS"];
        if (text.Contains("SigningProviders.Read(", StringComparison.Ordinal))
            registered = [.. registered, .. OfProviders];
        return [.. named.Concat(registered).Concat(OfEveryHost).Distinct().Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, string> Constants { get; } =
        Constant().Matches(File.ReadAllText(RepositoryRoot.PathOf("shared/hosting/Configuration/SettingNames.cs")))
            .ToDictionary(match => match.Groups["constant"].Value, match => match.Groups["name"].Value, StringComparer.Ordinal);

    /// <summary>Where the key of a provider is: read by whoever signs.</summary>
    public static IReadOnlyList<string> OfProviders { get; } = [.. Constants.Values.Where(name => name.StartsWith("SIGNER_", StringComparison.Ordinal) && name != "SIGNER_PROVIDER")];

    [GeneratedRegex("public const string (?<constant>\\w+) = \"(?<name>[A-Z][A-Z0-9_]+)\";")]
    private static partial Regex Constant();

    [GeneratedRegex(@"\bSettingNames\.(?<constant>(?!All\b)\w+)")]
    private static partial Regex Use();
}
