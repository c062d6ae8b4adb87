namespace Payouts.OperatorConsole.Doors;

/// <summary>The services that have doors.</summary>
internal enum Service
{
    Rounds,
    PayoutBuilder,
    PayoutSigner,
    PayoutSubmitter,
}

/// <summary>What the services are called.</summary>
internal static class Services
{
    public static IReadOnlyList<Service> All { get; } = Enum.GetValues<Service>();

    /// <summary>As in paths, in logs and in the profile file.</summary>
    public static string Name(this Service service) => service switch
    {
        Service.Rounds => "rounds",
        Service.PayoutBuilder => "payout-builder",
        Service.PayoutSigner => "payout-signer",
        Service.PayoutSubmitter => "payout-submitter",
        _ => throw new ArgumentOutOfRangeException(nameof(service)),
    };

    /// <summary>The environment variable that holds its address.</summary>
    public static string Setting(this Service service) => service switch
    {
        Service.Rounds => "PAYOUTS_ROUNDS_URL",
        Service.PayoutBuilder => "PAYOUTS_BUILDER_URL",
        Service.PayoutSigner => "PAYOUTS_SIGNER_URL",
        Service.PayoutSubmitter => "PAYOUTS_SUBMITTER_URL",
        _ => throw new ArgumentOutOfRangeException(nameof(service)),
    };

    public static Service? Find(string name) => All.Cast<Service?>().FirstOrDefault(service => service!.Value.Name() == name);
}
