using k8s.Models;

namespace Payouts.Tests.Deployment;

/// <summary>Whatever makes pods: a Deployment, a StatefulSet or a Job.</summary>
public sealed record Workload(object Source, string Kind, string Name, V1PodTemplateSpec Template)
{
    public V1PodSpec Pod => Template.Spec;

    public IList<V1Container> Containers => Pod.Containers;

    public IDictionary<string, string> Labels => Template.Metadata.Labels;

    /// <summary>Runs to its end: nobody asks for its health, nothing is drained.</summary>
    public bool IsJob => Source is V1Job;

    /// <summary>A program of ours with ServiceHost's doors.</summary>
    public bool IsOurService => Source is V1Deployment;

    /// <summary>Null: somebody else says how many, or one.</summary>
    public int? Replicas => Source switch { V1Deployment deployment => deployment.Spec.Replicas, V1StatefulSet set => set.Spec.Replicas, _ => null };

    /// <summary>The component whose image it runs; null for an image of others.</summary>
    public Component? Component => Containers is [{ Image: { } image }] ? Components.Images.SingleOrDefault(one => image.StartsWith($"payouts/{one.Name}:", StringComparison.Ordinal)) : null;

    public override string ToString() => $"{Kind} {Name}";

    public bool IsSelectedBy(IDictionary<string, string>? matchLabels) => (matchLabels ?? new Dictionary<string, string>()).All(label => Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    public static Workload? Of(object item) => item switch
    {
        V1Deployment deployment => new(item, "Deployment", deployment.Metadata.Name, deployment.Spec.Template),
        V1StatefulSet set => new(item, "StatefulSet", set.Metadata.Name, set.Spec.Template),
        V1Job job => new(item, "Job", job.Metadata.Name, job.Spec.Template),
        _ => null,
    };
}
