using System.Security.Cryptography;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>
/// Authorization entries of contract calls (CAP-46-11, CAP-71): what the signer signs when it authorizes the call rather than the envelope.
/// The signature covers network, nonce, expiration ledger and the whole invocation, and nothing of the transaction around it.
/// </summary>
public static class SorobanAuthorization
{
    /// <summary>An unsigned entry by which <paramref name="account"/> authorizes one contract call and no other below it.</summary>
    /// <param name="nonce">The ledger takes each (account, nonce) once, until the expiration ledger.</param>
    /// <param name="expirationLedger">The last ledger in which the signature counts.</param>
    public static SorobanAuthorizationEntry ForCall(
        AccountId account, InvokeContractArgs call, long nonce, uint expirationLedger, XdrArray<SorobanAuthorizedInvocation>? subInvocations = null) => new(
        new SorobanCredentials.Address(new SorobanAddressCredentials(account.ToScAddress(), nonce, expirationLedger, ScVal.Void)),
        new SorobanAuthorizedInvocation(new SorobanAuthorizedFunction.ContractFn(call), subInvocations ?? []));

    /// <summary>
    /// The same authority asked of delegates too (CAP-71): each signs the entry for itself, and the address's account contract decides whether
    /// they suffice. They are put into the ledger's order; the address's own signature is left out, because it covered another kind of entry.
    /// </summary>
    /// <exception cref="ArgumentException">The entry has delegates already, or one address stands twice at one level.</exception>
    /// <exception cref="NotSupportedException">The credentials are not an address's own.</exception>
    public static SorobanAuthorizationEntry WithDelegates(SorobanAuthorizationEntry entry, params IEnumerable<SorobanDelegateSignature> delegates) =>
        entry.Credentials is not SorobanCredentials.AddressWithDelegates
            ? entry with
            {
                Credentials = new SorobanCredentials.AddressWithDelegates(
                    new SorobanAddressCredentialsWithDelegates(Credentials(entry) with { Signature = ScVal.Void }, DelegateSignatures.InOrder(delegates))),
            }
            : throw new ArgumentException("The entry has delegates already.", nameof(entry));

    /// <summary>A delegate that has not signed yet, with those that sign for it.</summary>
    public static SorobanDelegateSignature Delegate(AccountId account, params IEnumerable<SorobanDelegateSignature> nested) =>
        new(account.ToScAddress(), ScVal.Void, nested.ToXdrArray());

    /// <summary>The 32 bytes that the address and each delegate sign.</summary>
    /// <exception cref="NotSupportedException">The source account's credentials: the envelope's signatures cover those.</exception>
    public static Hash Hash(SorobanAuthorizationEntry entry, Network network) =>
        new(new XdrBytes(SHA256.HashData(XdrCodec.ToBytes(Preimage(entry, network)))));

    /// <inheritdoc cref="Hash"/>
    public static HashIDPreimage Preimage(SorobanAuthorizationEntry entry, Network network)
    {
        var credentials = Credentials(entry);

        // Version 1 leaves the address out; later ones bind it, and delegates sign the same as the address itself.
        return entry.Credentials is SorobanCredentials.Address
            ? new HashIDPreimage.SorobanAuthorization(new HashIDPreimageSorobanAuthorization(
                network.NetworkId, credentials.Nonce, credentials.SignatureExpirationLedger, entry.RootInvocation))
            : new HashIDPreimage.SorobanAuthorizationWithAddress(new HashIDPreimageSorobanAuthorizationWithAddress(
                network.NetworkId, credentials.Nonce, credentials.SignatureExpirationLedger, credentials.Address, entry.RootInvocation));
    }

    /// <summary>The entry signed by <paramref name="key"/>, at every place that its account has among address and delegates.</summary>
    /// <exception cref="ArgumentException">The account is neither the entry's address nor one of its delegates.</exception>
    public static SorobanAuthorizationEntry Sign(SorobanAuthorizationEntry entry, Network network, KeyPair key)
    {
        RequireAccount(entry, key.AccountId);
        return WithSignature(entry, key.AccountId, key.Sign(Hash(entry, network).Value.Span));
    }

    /// <summary>The entry with a signature made elsewhere, as the built-in account contract reads it. It is not verified here.</summary>
    /// <exception cref="ArgumentException">The entry has delegates, and <paramref name="signer"/> is neither its address nor one of them.</exception>
    public static SorobanAuthorizationEntry WithSignature(SorobanAuthorizationEntry entry, AccountId signer, ReadOnlySpan<byte> signature)
    {
        if (entry.Credentials is SorobanCredentials.AddressWithDelegates)
        {
            RequireAccount(entry, signer);
        }

        var value = ScVal.Vec(ScVal.Map(("public_key", ScVal.Bytes(signer.PublicKey)), ("signature", ScVal.Bytes(signature))));
        return WithSignature(entry, signer, value);
    }

    /// <summary>The entry with the signatures of several keys of its account, in the order that the ledger wants. They are not verified here.</summary>
    /// <exception cref="ArgumentException">There is none, or one key stands twice.</exception>
    public static SorobanAuthorizationEntry WithSignatures(SorobanAuthorizationEntry entry, IReadOnlyCollection<KeyValuePair<AccountId, byte[]>> signatures)
    {
        if (signatures.Count == 0 || signatures.DistinctBy(x => x.Key).Count() != signatures.Count)
            throw new ArgumentException("An authorization carries one signature of each key, and at least one.", nameof(signatures));
        var ordered = signatures.OrderBy(x => x.Key.PublicKey.ToArray(), Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)));
        return WithSignature(entry, default, ScVal.Vec(ordered.Select(x => ScVal.Map(("public_key", ScVal.Bytes(x.Key.PublicKey)), ("signature", ScVal.Bytes(x.Value))))));
    }

    /// <summary>The signatures that an entry without delegates carries, unverified; null: what stands there is no list of signatures.</summary>
    public static IReadOnlyList<KeyValuePair<AccountId, byte[]>>? ReadSignatures(SorobanAuthorizationEntry entry)
    {
        if (entry.Credentials is SorobanCredentials.AddressWithDelegates || Credentials(entry).Signature is not SCVal.Vec { Value: { Value: { Count: > 0 } values } })
            return null;
        try
        {
            return values.Select(value => value.AsSymbolMap()).Select(map => KeyValuePair.Create(new AccountId(map["public_key"].AsBytes().Span), map["signature"].AsBytes().ToArray())).ToList();
        }
        catch (Exception unreadable) when (unreadable is ScValException or KeyNotFoundException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// What became of an unsigned entry: <see cref="AuthorizationVerdict.Valid"/> only when nothing but the signature was added and it is exactly
    /// one good signature of <paramref name="signer"/>, at every place that it has. What others signed before must be as it was.
    /// </summary>
    /// <exception cref="ArgumentException">The entry has delegates, and <paramref name="signer"/> is neither its address nor one of them.</exception>
    public static AuthorizationVerdict Verify(SorobanAuthorizationEntry signed, SorobanAuthorizationEntry unsigned, Network network, AccountId signer)
    {
        // The hash does not cover everything (version 1 credentials leave the address out): the entries themselves are compared.
        if (signed.Credentials.Discriminant != unsigned.Credentials.Discriminant || WithoutSignature(signed, signer) != WithoutSignature(unsigned, signer))
        {
            return new AuthorizationVerdict.EntryDiffers();
        }

        if (unsigned.Credentials is SorobanCredentials.AddressWithDelegates)
        {
            RequireAccount(unsigned, signer);
        }

        var hash = Hash(unsigned, network);
        return Signatures(signed, signer).Select(signature => VerifySignature(signature, hash, signer))
            .FirstOrDefault(verdict => verdict is not AuthorizationVerdict.Valid, new AuthorizationVerdict.Valid());
    }

    /// <summary>Address, nonce, expiration ledger and signature of an entry.</summary>
    /// <exception cref="NotSupportedException">The credentials are not an address's own.</exception>
    public static SorobanAddressCredentials Credentials(SorobanAuthorizationEntry entry) => entry.Credentials switch
    {
        SorobanCredentials.Address address => address.Value,
        SorobanCredentials.AddressV2 address => address.Value,
        SorobanCredentials.AddressWithDelegates address => address.Value.AddressCredentials,
        _ => throw Unsupported(entry),
    };

    // What stands where the signer's signature belongs. Without delegates there is one place, whosever it is.
    private static IEnumerable<SCVal> Signatures(SorobanAuthorizationEntry entry, AccountId signer)
    {
        var own = Credentials(entry);
        if (entry.Credentials is not SorobanCredentials.AddressWithDelegates { Value: var all })
        {
            return [own.Signature];
        }

        var address = signer.ToScAddress();
        return DelegateSignatures.Of(all.Delegates, address).Concat(own.Address == address ? [own.Signature] : []);
    }

    private static AuthorizationVerdict VerifySignature(SCVal value, Hash hash, AccountId signer)
    {
        if (value is not SCVal.Vec { Value: { Value: { Count: > 0 } signatures } })
        {
            return new AuthorizationVerdict.MissingSignature(signer);
        }

        if (signatures.Count > 1)
        {
            return new AuthorizationVerdict.ExtraSignature();
        }

        try
        {
            var map = signatures[0].AsSymbolMap();
            var isGood = map.Count == 2
                && map.TryGetValue("public_key", out var key) && key.AsBytes().Span.SequenceEqual(signer.PublicKey)
                && map.TryGetValue("signature", out var signature) && Ed25519Verifier.Verify(signer, hash.Value.Span, signature.AsBytes().Span);
            return isGood ? new AuthorizationVerdict.Valid() : new AuthorizationVerdict.BadSignature(signer);
        }
        catch (ScValException)
        {
            return new AuthorizationVerdict.BadSignature(signer);
        }
    }

    private static SorobanAuthorizationEntry WithoutSignature(SorobanAuthorizationEntry entry, AccountId signer) => WithSignature(entry, signer, ScVal.Void);

    private static SorobanAuthorizationEntry WithSignature(SorobanAuthorizationEntry entry, AccountId signer, SCVal signature) => entry with
    {
        Credentials = entry.Credentials switch
        {
            SorobanCredentials.Address { Value: var c } => new SorobanCredentials.Address(c with { Signature = signature }),
            SorobanCredentials.AddressV2 { Value: var c } => new SorobanCredentials.AddressV2(c with { Signature = signature }),
            SorobanCredentials.AddressWithDelegates { Value: var c } => new SorobanCredentials.AddressWithDelegates(new SorobanAddressCredentialsWithDelegates(
                c.AddressCredentials.Address == signer.ToScAddress() ? c.AddressCredentials with { Signature = signature } : c.AddressCredentials,
                DelegateSignatures.With(c.Delegates, signer.ToScAddress(), signature))),
            _ => throw Unsupported(entry),
        },
    };

    private static void RequireAccount(SorobanAuthorizationEntry entry, AccountId account)
    {
        var isAddress = Credentials(entry).Address == account.ToScAddress();
        if (!isAddress && (entry.Credentials is not SorobanCredentials.AddressWithDelegates || !Signatures(entry, account).Any()))
        {
            throw new ArgumentException($"The authorization entry is not {account}'s, nor is {account} one of its delegates.", nameof(entry));
        }
    }

    private static NotSupportedException Unsupported(SorobanAuthorizationEntry entry) =>
        new($"An entry with {entry.Credentials.Discriminant} is not authorized by a signature of its own: the envelope's signatures cover it.");
}
