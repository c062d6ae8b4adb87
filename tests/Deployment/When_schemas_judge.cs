namespace Payouts.Tests.Deployment;

/// <summary>Every rendered object against the schemas of its kind. "Schema and policy validated" is what this says; no cluster has taken any of it.</summary>
public sealed class When_schemas_judge
{
    /// <summary>npm has no schema for these: OperatorObjects.cs reads them strictly instead.</summary>
    private static readonly string[] OursAlone =
        ["barmancloud.cnpg.io/v1 ObjectStore", "rabbitmq.com/v1beta1 Exchange", "rabbitmq.com/v1beta1 Permission", "rabbitmq.com/v1beta1 RabbitmqCluster", "rabbitmq.com/v1beta1 User"];

    /// <summary>A fault of each sort in kinds of Kubernetes and of each operator: where it is planted, and the object in which it must be found.</summary>
    private static readonly (string Folder, string Good, string Bad, string Object)[] Planted =
    [
        ("base/rounds", "readOnlyRootFilesystem: true", "readOnlyRootFileSystem: true", "apps/v1 Deployment rounds"),
        ("base/rounds", "  revisionHistoryLimit: 5", "  revisionHistoryLimit: five", "apps/v1 Deployment rounds"),
        ("base/rounds", "whenUnsatisfiable: ScheduleAnyway", "whenUnsatisfiable: IfYouLike", "apps/v1 Deployment rounds"),
        ("base/rounds", "unhealthyPodEvictionPolicy", "unhealthyPodEviction", "policy/v1 PodDisruptionBudget rounds"),
        ("overlays/prod", "  minReplicaCount: 2", "  minReplicasCount: 2", "keda.sh/v1alpha1 ScaledObject payout-builder"),
        ("overlays/prod", "    stabilizationWindowSeconds: 600", "    stabilizationWindowSeconds: long", "keda.sh/v1alpha1 ScaledObject payout-builder"),
        ("overlays/prod", "  - interval: 15s", "  - intervals: 15s", "monitoring.coreos.com/v1 ServiceMonitor payout-builder"),
        ("overlays/prod/servers", "dataDurability: required", "dataDurability: always", "postgresql.cnpg.io/v1 Cluster payouts-db"),
        ("overlays/prod/servers", "dataDurability: required", "dataDurable: required", "postgresql.cnpg.io/v1 Cluster payouts-db"),
        ("overlays/prod/servers", "databaseReclaimPolicy: retain", "databaseReclaimPolicy: keep", "postgresql.cnpg.io/v1 Database rounds"),
        ("overlays/prod/servers", "  owner: rounds_owner\n", "", "postgresql.cnpg.io/v1 Database rounds"),
        ("overlays/prod/servers", "    rotationPolicy: Always", "    rotation: Always", "cert-manager.io/v1 Certificate broker"),
    ];

    [Fact(Timeout = 240_000)]
    public async Task Should_find_nothing_wrong_in_ours_and_every_planted_fault()
    {
        var ours = Manifests.Installed.Select(Kustomize.Build).ToList();
        var planted = Planted.Select(fault => Plant(fault.Folder, fault.Good, fault.Bad)).ToList();
        var found = await ManifestJudge.FindProblemsAsync([.. ours, .. planted], TestContext.Current.CancellationToken);

        var inOurs = found.Where(one => one.File < ours.Count).ToList();
        inOurs.Where(one => one.Problem != ManifestJudge.NoModel).ShouldBeEmpty();
        inOurs.Select(one => one.Object[..one.Object.LastIndexOf(' ')]).Distinct().Order(StringComparer.Ordinal).ShouldBe(OursAlone);
        foreach (var (fault, index) in Planted.Select((fault, index) => (fault, index)))
            found.ShouldContain(one => one.File == ours.Count + index && one.Object == fault.Object && one.Problem != ManifestJudge.NoModel, fault.Bad);
    }

    private static string Plant(string folder, string good, string bad)
    {
        Kustomize.Build(folder).ShouldContain(good);
        return Kustomize.Build(folder).Replace(good, bad, StringComparison.Ordinal);
    }
}
