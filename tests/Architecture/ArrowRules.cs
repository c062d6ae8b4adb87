namespace Payouts.Tests.Architecture;

/// <summary>Who may use whom. A project that is not listed may use nothing: a new one gets its row here.</summary>
internal static class ArrowRules
{
    private static readonly string[] Services = ["services/payout-builder", "services/payout-signer", "services/payout-submitter", "services/rounds"];

    private static readonly string[] Shared = ["shared/contracts", "shared/hosting", "shared/stellar"];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["shared/contracts"] = [],
        ["shared/stellar"] = [],
        ["shared/hosting"] = ["shared/contracts", "shared/stellar"],
        // The clouds' client libraries come with it: only those who sign may use it.
        ["shared/signers"] = Shared,
        // Services talk by messages: none knows another's code.
        ["services/payout-builder"] = Shared,
        ["services/payout-signer"] = [.. Shared, "shared/signers"],
        ["services/payout-submitter"] = Shared,
        ["services/rounds"] = Shared,
        ["services/signer-worker"] = [.. Shared, "shared/signers"],
        // The judge shares no rule with those whom it judges, only the bytes.
        ["tools/devnet"] = ["shared/stellar"],
        ["tools/local-signer"] = [.. Shared, "shared/signers"],
        // It asks payout-builder over HTTP, as every stranger does.
        ["tools/channels"] = ["shared/hosting", "shared/stellar"],
        // So does the console, of every service; amounts and codes it knows from the contracts.
        ["tools/console"] = ["shared/contracts"],
        ["tools/run"] = [.. Shared, .. Services, "tools/devnet", "tools/local-signer"],
    };

    public static bool IsKnown(string project) => IsFree(project) || Allowed.ContainsKey(project);

    public static IEnumerable<string> Judge(IEnumerable<Arrow> arrows) => arrows.Where(arrow => !IsAllowed(arrow))
        .Select(arrow => $"{arrow} is not allowed; {arrow.From} may use {(Allowed.TryGetValue(arrow.From, out var may) && may.Length > 0 ? string.Join(", ", may) : "nothing of ours")}");

    private static bool IsAllowed(Arrow arrow) => IsFree(arrow.From) || (Allowed.TryGetValue(arrow.From, out var may) && may.Contains(arrow.To));

    // Tests and the benchmark look at everything; nobody looks at them, because no row lists them.
    private static bool IsFree(string project) => project.StartsWith("tests/", StringComparison.Ordinal) || project == "tools/bench";
}
