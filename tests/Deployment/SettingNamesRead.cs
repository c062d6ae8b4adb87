using System.Text.RegularExpressions;

namespace Payouts.Tests.Deployment;

/// <summary>The settings that a service's program reads, found in its source: the constants of SettingNames that its files name, and those of what it registers.</summary>
internal static partial class SettingNamesRead
{
    /// <summary>Read by ServiceHost for every program.</summary>
    public static readonly IReadOnlyList<string> OfEveryHost =
    [
        "RABBITMQ_URL", "RABBITMQ_TLS_CA", "RABBITMQ_TLS_CERT", "RABBITMQ_TLS_KEY", "STELLAR_NETWORK_PASSPHRASE", "HTTP_API_KEY", "HTTP_API_KEYS", "HTTP_TLS_CERT", "HTTP_TLS_KEY",
        "HTTP_JWT_AUTHORITY", "HTTP_JWT_JWKS_URL", "HTTP_JWT_JWKS", "HTTP_JWT_ISSUER", "HTTP_JWT_AUDIENCE", "HTTP_JWT_NAME_CLAIM", "HTTP_JWT_ROLE_CLAIM", "HTTP_JWT_ROLES",
        "HTTP_JWT_CLOCK_SKEW_SECONDS", "HTTP_JWT_ALGORITHMS", "PAYOUTS_LOG_FORMAT", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_SAMPLER_ARG",
    ];

    public static IReadOnlyList<string> By(Component component)
    {
        List<string> files = [.. Directory.EnumerateFiles(RepositoryRoot.PathOf(component.Folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))];
        var text = string.Concat(files.Select(File.ReadAllText));
        var named = NamedIn(files);
        var registered = text.Contains(".AddSorobanRpc(", StringComparison.Ordinal) ? ["SOROBAN_RPC_URL"] : Array.Empty<string>();
        if (text.Contains(".AddRetention(", StringComparison.Ordinal))
            registered = [.. registered, "PAYOUTS_RETENTION_DAYS"];
        if (text.Contains("SigningProviders.Read(", StringComparison.Ordinal))
            registered = [.. registered, .. OfProviders];
        return [.. named.Concat(registered).Concat(OfEveryHost).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The settings that these files name.</summary>
    public static IEnumerable<string> NamedIn(IEnumerable<string> files) =>
        files.SelectMany(file => Use().Matches(File.ReadAllText(file))).Select(match => Constants[match.Groups["constant"].Value]).Distinct();

    private static Dictionary<string, string> Constants { get; } =
        Constant().Matches(File.ReadAllText(RepositoryRoot.PathOf("shared/hosting/Configuration/SettingNames.cs")))
            .ToDictionary(match => match.Groups["constant"].Value, match => match.Groups["name"].Value, StringComparer.Ordinal);

    /// <summary>Where the key of a provider is: read by whoever signs.</summary>
    public static IReadOnlyList<string> OfProviders { get; } = [.. Constants.Values.Where(name => name.StartsWith("SIGNER_", StringComparison.Ordinal) && name is not ("SIGNER_PROVIDER" or "SIGNER_ACCOUNT" or "SIGNER_QUEUE"))];

    [GeneratedRegex("public const string (?<constant>\\w+) = \"(?<name>[A-Z][A-Z0-9_]+)\";")]
    private static partial Regex Constant();

    [GeneratedRegex(@"\bSettingNames\.(?<constant>(?!All\b)\w+)")]
    private static partial Regex Use();
}
