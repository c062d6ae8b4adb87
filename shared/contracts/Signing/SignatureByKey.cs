namespace Payouts.Contracts;

/// <summary>One Ed25519 signature over the transaction hash.</summary>
public sealed record SignatureByKey
{
    /// <summary>The public key, G...</summary>
    public required string PublicKey { get; init; }

    /// <summary>64 bytes, base64.</summary>
    public required string Signature { get; init; }
}
