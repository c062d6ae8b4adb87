using System.Globalization;

namespace Payouts.Tests.Deployment;

/// <summary>Who scales whom by what: only in production.</summary>
public static class ScalingRules
{
    private static readonly string[] FewAreEnough = ["signer-worker"];

    public static readonly ClusterRule TargetsExist = new("targets exist", cluster => cluster.Of<ScaledObject>()
        .Where(scaled => scaled.Metadata.Name != scaled.Spec.ScaleTargetRef.Name || cluster.Deployments.All(deployment => deployment.Metadata.Name != scaled.Spec.ScaleTargetRef.Name))
        .Select(scaled => $"{scaled.Metadata.Name} scales {scaled.Spec.ScaleTargetRef.Name}, which does not exist or has another name"));

    /// <summary>Whoever applies the manifests again must not undo what the queues asked for.</summary>
    public static readonly ClusterRule OneSaysHowMany = new("one says how many", cluster => cluster.Deployments
        .Where(deployment => deployment.Spec.Replicas is not null == cluster.Of<ScaledObject>().Any(scaled => scaled.Spec.ScaleTargetRef.Name == deployment.Metadata.Name))
        .Select(deployment => $"{deployment.Metadata.Name} needs replicas or a ScaledObject, and not both"));

    public static readonly ClusterRule NobodyIsAlone = new("nobody is alone", cluster => cluster.Deployments
        .Where(deployment => (cluster.Of<ScaledObject>().SingleOrDefault(scaled => scaled.Spec.ScaleTargetRef.Name == deployment.Metadata.Name)?.Spec is { } scaling
            ? Math.Min(scaling.MinReplicaCount, scaling.Fallback.Replicas) : deployment.Spec.Replicas ?? 1) < 2)
        .Select(deployment => $"{deployment.Metadata.Name} may have a single pod"));

    public static readonly ClusterRule BoundsMakeSense = new("bounds make sense", cluster => cluster.Of<ScaledObject>()
        .Where(scaled => scaled.Spec.MaxReplicaCount <= scaled.Spec.MinReplicaCount || scaled.Spec.Triggers.Any(trigger => !int.TryParse(trigger.Metadata.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < 1))
        .Select(scaled => $"{scaled.Metadata.Name} cannot scale: maxReplicaCount above minReplicaCount, and a number of messages for each replica"));

    /// <summary>A queue that nobody declares has no length, and one that is forgotten may grow unseen.</summary>
    public static readonly ClusterRule QueuesAreTheCodes = new("queues are the code's", cluster => Components.Services.SelectMany(service =>
    {
        var asked = cluster.Of<ScaledObject>().Where(scaled => scaled.Metadata.Name == service.Name).SelectMany(scaled => scaled.Spec.Triggers).Select(trigger => trigger.Metadata.QueueName).Order(StringComparer.Ordinal).ToList();
        return asked.SequenceEqual(QueuesInCode.Of(service)) ? Array.Empty<string>() : [$"{service.Name} is scaled by {string.Join(", ", asked)}, and declares {string.Join(", ", QueuesInCode.Of(service))}"];
    }));

    public static readonly ClusterRule QueueLengths = new("queue lengths", cluster => cluster.Of<ScaledObject>()
        .SelectMany(scaled => scaled.Spec.Triggers.Where(trigger => trigger is not { Type: "rabbitmq", Metadata: { Protocol: "amqp", Mode: "QueueLength" }, AuthenticationRef.Name: "broker-queues" }
            || !OperatorFacts.OfKind(cluster, "keda.sh/v1alpha1", "TriggerAuthentication").Any(item => OperatorFacts.Text(item, "metadata", "name") == "broker-queues")).Select(trigger => $"{scaled.Metadata.Name}: the trigger of {trigger.Metadata.QueueName} must ask the broker for the queue's length, as broker-queues")));

    public static readonly ClusterRule Spread = new("spread over nodes", cluster => cluster.Workloads.Where(workload => workload.IsOurService && !FewAreEnough.Contains(workload.Name))
        .Where(workload => !workload.Pod.TopologySpreadConstraints.Any(constraint => constraint is { TopologyKey: "kubernetes.io/hostname", WhenUnsatisfiable: "DoNotSchedule", MinDomains: >= 2 }))
        .Select(workload => $"{workload} may have two pods on one node"));

    public static readonly IReadOnlyList<ClusterRule> All = [TargetsExist, OneSaysHowMany, NobodyIsAlone, BoundsMakeSense, QueuesAreTheCodes, QueueLengths, Spread];
}
