namespace Payouts.Signers.AwsKms;

/// <summary>Where the key is in AWS KMS. Credentials come from the SDK's own chain: environment, web identity, instance or task role.</summary>
public sealed record AwsKmsOptions
{
    /// <summary>Key ARN, key id, alias ARN or alias name.</summary>
    public required string KeyId { get; init; }

    /// <summary>Region of the key, such as eu-central-1.</summary>
    public required string Region { get; init; }

    /// <summary>Another endpoint than the region's, such as a VPC's; null: the region's.</summary>
    public Uri? Endpoint { get; init; }
}
