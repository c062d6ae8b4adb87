namespace Payouts.Contracts;

/// <summary>The payout source account authorized the payout's call, and that was verified.</summary>
public sealed record PayoutAuthorized
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which step of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The hash that was signed, 64 lowercase hex digits.</summary>
    public required string AuthorizationHash { get; init; }

    /// <summary>The signed SorobanAuthorizationEntry, base64 XDR. Never logged.</summary>
    public required string AuthorizationXdr { get; init; }
}
