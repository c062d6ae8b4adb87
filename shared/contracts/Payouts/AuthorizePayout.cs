namespace Payouts.Contracts;

/// <summary>
/// Command to payout-signer: check the call against the order, have it authorized, verify what comes back. The signature is over the call, its
/// nonce and its last ledger, not over a transaction: any channel may bring it to the ledger, once.
/// </summary>
public sealed record AuthorizePayout
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which step of the payout this speaks of, from 1; shared with its builds.</summary>
    public required int Attempt { get; init; }

    /// <summary>What is owed, as payout-builder knows it; payout-signer compares with its own copy.</summary>
    public required PayoutOrder Order { get; init; }

    /// <summary>The hash that the account signs, 64 lowercase hex digits.</summary>
    public required string AuthorizationHash { get; init; }

    /// <summary>What that is the hash of: HashIDPreimage of the authorization, base64 XDR.</summary>
    public required string PreimageXdr { get; init; }

    /// <summary>The last ledger in which the authorization counts.</summary>
    public required uint ExpirationLedger { get; init; }

    /// <summary>About when that ledger closes: an answer after this comes too late.</summary>
    public required DateTimeOffset ValidUntil { get; init; }
}
