namespace Payouts.Contracts;

/// <summary>
/// Command to payout-signer, which holds the fee account's key: wrap a released envelope in a fee bump, so that it is worth more to the
/// network. The envelope inside, its signatures and its slot stay as they are; nobody else is asked to sign.
/// </summary>
public sealed record BumpFee
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout the envelope is of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The hash of the envelope to wrap, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The signed TransactionEnvelope to wrap, base64 XDR. Never logged.</summary>
    public required string SignedXdr { get; init; }

    /// <summary>The fee to bid, inclusion plus resources, in stroops of the native asset.</summary>
    public required long FeeStroops { get; init; }
}
