namespace Payouts.Tests.Monitoring;

/// <summary>The alert rules as they are deployed.</summary>
public static class RuleFiles
{
    /// <summary>Their paths, in order.</summary>
    public static IReadOnlyList<string> All => [.. Directory.EnumerateFiles(RepositoryRoot.PathOf("deploy", "prometheus", "rules"), "*.yml").Order(StringComparer.Ordinal)];
}
