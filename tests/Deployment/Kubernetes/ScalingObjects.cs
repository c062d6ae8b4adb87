namespace Payouts.Tests.Deployment;

// Judged by the operators' schemas like every other object (ManifestJudge); here only so that rules can read them.

/// <summary>keda.sh/v1alpha1 ScaledObject.</summary>
public sealed class ScaledObject : OperatorObject
{
    public required ScalingSpec Spec { get; set; }

    public sealed class ScalingSpec
    {
        public required NameOf ScaleTargetRef { get; set; }
        public required int MinReplicaCount { get; set; }
        public required int MaxReplicaCount { get; set; }
        public required int PollingInterval { get; set; }
        public required ScalingFallback Fallback { get; set; }
        public required object Advanced { get; set; }
        public required List<Trigger> Triggers { get; set; }
    }

    public sealed class ScalingFallback
    {
        public required int FailureThreshold { get; set; }
        public required int Replicas { get; set; }
    }

    public sealed class Trigger
    {
        public required string Type { get; set; }
        public required QueueLength Metadata { get; set; }
        public required NameOf AuthenticationRef { get; set; }
    }

    /// <summary>The rabbitmq trigger's own parameters, which no schema knows.</summary>
    public sealed class QueueLength
    {
        public required string Protocol { get; set; }
        public required string Mode { get; set; }
        public required string Value { get; set; }
        public required string QueueName { get; set; }
    }
}

/// <summary>monitoring.coreos.com/v1 ServiceMonitor.</summary>
public sealed class ServiceMonitor : OperatorObject
{
    public required MonitorSpec Spec { get; set; }

    public sealed class MonitorSpec
    {
        public Namespaces? NamespaceSelector { get; set; }
        public required Labels Selector { get; set; }
        public required string JobLabel { get; set; }
        public required List<Endpoint> Endpoints { get; set; }
    }

    public sealed class Namespaces
    {
        public required List<string> MatchNames { get; set; }
    }

    public sealed class Labels
    {
        public required Dictionary<string, string> MatchLabels { get; set; }
    }

    public sealed class Endpoint
    {
        public required string Port { get; set; }
        public string? Scheme { get; set; }
        public required string Path { get; set; }
        public Dictionary<string, List<string>> Params { get; set; } = [];
        public object? TlsConfig { get; set; }
        public required string Interval { get; set; }
        public required string ScrapeTimeout { get; set; }
    }
}
