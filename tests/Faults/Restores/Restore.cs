namespace Payouts.Tests.Faults.Restores;

/// <summary>One drill: whose database goes back in time, and what became of the broker.</summary>
/// <param name="Services">Restored to the backup; the others keep what they have.</param>
/// <param name="QueuesLost">True: the broker came back empty too; false: it holds what was not taken yet, and is newer than the backup.</param>
internal sealed record Restore(IReadOnlyList<string> Services, bool QueuesLost)
{
    /// <summary>Each service alone and all together, with the broker as it is and emptied; and an emptied broker alone.</summary>
    public static IReadOnlyList<Restore> All { get; } =
    [
        new(SuiteServices.Names, QueuesLost: true),
        .. SuiteServices.Names.Select(service => new Restore([service], QueuesLost: false)),
        new(SuiteServices.Names, QueuesLost: false),
        .. SuiteServices.Names.Select(service => new Restore([service], QueuesLost: true)),
        new([], QueuesLost: true),
    ];

    public bool Has(string service) => Services.Contains(service);

    public override string ToString() => $"{(Services.Count == 0 ? "nobody" : Services.Count == SuiteServices.Names.Count ? "all four" : string.Join(", ", Services))} restored, the broker {(QueuesLost ? "lost its queues" : "kept its queues")}";
}

/// <summary>The services that have a database.</summary>
internal static class SuiteServices
{
    public static IReadOnlyList<string> Names { get; } = ["rounds", "payout-builder", "payout-signer", "payout-submitter"];
}
