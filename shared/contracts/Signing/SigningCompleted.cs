namespace Payouts.Contracts;

/// <summary>
/// An external signer's answer: either the signed envelope or the bare signatures. Sent to the exchange of this message
/// as JSON; the transport's message_id is required.
/// </summary>
public sealed record SigningCompleted
{
    /// <summary>The request that this answers.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The hash that was signed, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The signed TransactionEnvelope, base64 XDR. Exclusive with <see cref="Signatures"/>.</summary>
    public string? SignedXdr { get; init; }

    /// <summary>One signature or more, each of a wanted key. Exclusive with <see cref="SignedXdr"/>.</summary>
    public IReadOnlyList<SignatureByKey>? Signatures { get; init; }
}
