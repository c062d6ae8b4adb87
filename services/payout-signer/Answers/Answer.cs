using Payouts.Contracts;

namespace Payouts.Signer.Answers;

/// <summary>The external signer's answer, from a message or over HTTP.</summary>
public sealed record Answer
{
    /// <summary>The hash that was signed, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The signed envelope, base64 XDR. Exclusive with <see cref="Signatures"/>.</summary>
    public string? SignedXdr { get; init; }

    /// <summary>One signature or more, each of a wanted key. Exclusive with <see cref="SignedXdr"/>.</summary>
    public IReadOnlyList<SignatureByKey>? Signatures { get; init; }
}

/// <summary>A rejection over HTTP.</summary>
public sealed record Rejection
{
    /// <summary>Why, for the operator; at most 500 characters are kept.</summary>
    public required string Reason { get; init; }

    /// <summary>Whose no, G...; required where several keys may sign.</summary>
    public string? PublicKey { get; init; }
}
