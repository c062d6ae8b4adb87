namespace Payouts.Tests.Attacks;

/// <summary>All attacks, in the order of docs/attacks.md.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<Attack> All { get; } = [.. SignerList.All, .. BuilderList.All, .. SubmitterList.All, .. BrokerList.All, .. CallerList.All];
}
