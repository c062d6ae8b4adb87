namespace Payouts.Rounds.Policies;

/// <summary>
/// Every policy that ever decided a round, in every version: a resolution is verified by the version that made it. A changed rule is a new
/// class with a new version; an old one is never edited.
/// </summary>
internal static class RoundPolicies
{
    /// <summary>Of a draw that names none.</summary>
    public const string Default = "reported";

    private static readonly IRoundPolicy[] All = [new ReportedPolicy(), new MinorityWinsPolicy(), new SeededThresholdPolicy()];

    /// <summary>What a draw may name.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(policy => policy.Name).Distinct()];

    /// <summary>The version that decides now.</summary>
    public static IRoundPolicy Latest(string name) => All.Where(policy => policy.Name == name).MaxBy(policy => policy.Version)
        ?? throw new ArgumentException($"there is no policy {name}", nameof(name));

    /// <summary>The version that decided then; null: this program does not have it.</summary>
    public static IRoundPolicy? Find(string? name, long version) => name == RefundPolicy.Instance.Name && version == RefundPolicy.Instance.Version
        ? RefundPolicy.Instance
        : Array.Find(All, policy => policy.Name == name && policy.Version == version);
}
