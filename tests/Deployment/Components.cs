namespace Payouts.Tests.Deployment;

/// <summary>One image: the project that it is built from.</summary>
/// <param name="Name">Name in compose and Kubernetes.</param>
/// <param name="Folder">Folder of the project and its Dockerfile, from the root.</param>
public sealed record Component(string Name, string Folder)
{
    /// <summary>Name of the dll that the image runs.</summary>
    public string Assembly { get; init; } = "payouts-" + Name;

    public string Dockerfile => Folder + "/Dockerfile";

    public override string ToString() => Name;
}

/// <summary>The closed list of what is deployed.</summary>
public static class Components
{
    public static readonly IReadOnlyList<Component> Services =
    [
        new("rounds", "services/rounds"),
        new("payout-builder", "services/payout-builder"),
        new("payout-signer", "services/payout-signer"),
        new("payout-submitter", "services/payout-submitter"),
    ];

    public static readonly IReadOnlyList<Component> All =
        [.. Services, new("devnet", "tools/devnet"), new("local-signer", "tools/local-signer")];

    public static TheoryData<Component> AllData => [.. All];

    public static TheoryData<Component> ServicesData => [.. Services];
}
