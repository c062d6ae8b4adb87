namespace Payouts.Stellar;

/// <summary>What a signed authorization entry turned out to be. Only <see cref="Valid"/> may be put into a transaction.</summary>
public abstract record AuthorizationVerdict
{
    private AuthorizationVerdict()
    {
    }

    /// <summary>The entry that was asked for, with exactly one good signature.</summary>
    public sealed record Valid : AuthorizationVerdict;

    /// <summary>More than the signature differs: credentials' kind, address, nonce, expiration ledger or invocation.</summary>
    public sealed record EntryDiffers : AuthorizationVerdict;

    public sealed record MissingSignature(AccountId Signer) : AuthorizationVerdict;

    /// <summary>Not this key's signature over this entry on this network, or not in the form that the account contract reads.</summary>
    public sealed record BadSignature(AccountId Signer) : AuthorizationVerdict;

    /// <summary>More signatures than one.</summary>
    public sealed record ExtraSignature : AuthorizationVerdict;
}
