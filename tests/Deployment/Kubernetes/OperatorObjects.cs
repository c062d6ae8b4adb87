namespace Payouts.Tests.Deployment;

// The members that our manifests use of the operators' kinds, and no others: reading fails on any other member, and on a missing one that is required here.
// Written after the operators' published schemas where no package carries these; a member of another type than here would be noticed, a wrong value would not.

/// <summary>An object of an operator.</summary>
public abstract class OperatorObject
{
    public required string ApiVersion { get; set; }
    public required string Kind { get; set; }
    public required ObjectName Metadata { get; set; }
}

public sealed class ObjectName
{
    public required string Name { get; set; }
    public string? Namespace { get; set; }
    public Dictionary<string, string> Labels { get; set; } = [];
}

public sealed class NameOf
{
    public required string Name { get; set; }
}

public sealed class KeyOf
{
    public required string Name { get; set; }
    public required string Key { get; set; }
}

/// <summary>rabbitmq.com/v1beta1 RabbitmqCluster. The two parts that are Kubernetes' own are loaded strictly as such.</summary>
public sealed class RabbitmqCluster : OperatorObject
{
    public required BrokerSpec Spec { get; set; }

    public sealed class BrokerSpec
    {
        public required string Image { get; set; }
        public required int Replicas { get; set; }
        public required Storage Persistence { get; set; }
        public required object Resources { get; set; }
        public required int TerminationGracePeriodSeconds { get; set; }
        public required BrokerTls Tls { get; set; }
        public required Configuration Rabbitmq { get; set; }
        public required object Affinity { get; set; }
        public required Overrides Override { get; set; }
    }

    public sealed class Storage
    {
        [YamlDotNet.Serialization.YamlMember(Alias = "storage")]
        public required string Size { get; set; }
    }

    public sealed class BrokerTls
    {
        public required string SecretName { get; set; }
        public bool DisableNonTLSListeners { get; set; }
    }

    public sealed class Configuration
    {
        public required string AdditionalConfig { get; set; }
    }

    public sealed class Overrides
    {
        public required Set StatefulSet { get; set; }
    }

    public sealed class Set
    {
        public required SetSpec Spec { get; set; }
    }

    public sealed class SetSpec
    {
        public required object Template { get; set; }
    }
}

/// <summary>rabbitmq.com/v1beta1 User.</summary>
public sealed class BrokerUser : OperatorObject
{
    public required UserSpec Spec { get; set; }

    public sealed class UserSpec
    {
        public required NameOf RabbitmqClusterReference { get; set; }
        public required NameOf ImportCredentialsSecret { get; set; }
    }
}

/// <summary>rabbitmq.com/v1beta1 Permission.</summary>
public sealed class BrokerPermission : OperatorObject
{
    public required PermissionSpec Spec { get; set; }

    public sealed class PermissionSpec
    {
        public required NameOf RabbitmqClusterReference { get; set; }
        public required NameOf UserReference { get; set; }
        public required string Vhost { get; set; }
        public required Rights Permissions { get; set; }
    }

    public sealed class Rights
    {
        public required string Configure { get; set; }
        public required string Write { get; set; }
        public required string Read { get; set; }
    }
}

/// <summary>rabbitmq.com/v1beta1 Exchange.</summary>
public sealed class BrokerExchange : OperatorObject
{
    public required ExchangeSpec Spec { get; set; }

    public sealed class ExchangeSpec
    {
        public required NameOf RabbitmqClusterReference { get; set; }
        public required string Name { get; set; }
        public required string Vhost { get; set; }
        public required string Type { get; set; }
        public required bool Durable { get; set; }
        public required bool AutoDelete { get; set; }
    }
}

/// <summary>barmancloud.cnpg.io/v1 ObjectStore.</summary>
public sealed class ObjectStore : OperatorObject
{
    public required StoreSpec Spec { get; set; }

    public sealed class StoreSpec
    {
        public required string RetentionPolicy { get; set; }
        public required StoreConfiguration Configuration { get; set; }
    }

    public sealed class StoreConfiguration
    {
        public required string DestinationPath { get; set; }
        public required StoreKeys S3Credentials { get; set; }
        public required Packing Wal { get; set; }
        public required Packing Data { get; set; }
    }

    public sealed class StoreKeys
    {
        public required KeyOf AccessKeyId { get; set; }
        public required KeyOf SecretAccessKey { get; set; }
    }

    public sealed class Packing
    {
        public required string Compression { get; set; }
        public required string Encryption { get; set; }
    }
}
