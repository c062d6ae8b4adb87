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

    /// <summary>Runs next to the key instead of next to the services: no part of the suite on one machine.</summary>
    public static readonly Component SignerWorker = new("signer-worker", "services/signer-worker");

    /// <summary>Whatever has a Deployment of its own.</summary>
    public static readonly IReadOnlyList<Component> Deployed = [.. Services, SignerWorker];

    /// <summary>Whatever has an image.</summary>
    public static readonly IReadOnlyList<Component> Images = [.. All, SignerWorker];

    public static TheoryData<Component> AllData => [.. All];

    public static TheoryData<Component> ImagesData => [.. Images];

    public static TheoryData<Component> ServicesData => [.. Services];
}
