namespace Payouts.Contracts;

/// <summary>The external signer will not sign. The payout goes OnHold, when it cannot be signed without this signer.</summary>
public sealed record SigningRejected
{
    /// <summary>The request that this answers.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Why, for the operator; at most 500 characters are kept.</summary>
    public required string Reason { get; init; }

    /// <summary>Whose no, G..., one of the request's signers; null where there is one.</summary>
    public string? PublicKey { get; init; }
}
