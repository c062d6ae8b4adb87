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

    /// <summary>The 32 bytes that the account signs.</summary>
    /// <exception cref="NotSupportedException">Credentials that no single signature covers (source account, delegates).</exception>
    public static Hash Hash(SorobanAuthorizationEntry entry, Network network) =>
        new(new XdrBytes(SHA256.HashData(XdrCodec.ToBytes(Preimage(entry, network)))));

    /// <inheritdoc cref="Hash"/>
    public static HashIDPreimage Preimage(SorobanAuthorizationEntry entry, Network network) => entry.Credentials switch
    {
        SorobanCredentials.Address { Value: var c } => new HashIDPreimage.SorobanAuthorization(new HashIDPreimageSorobanAuthorization(
            network.NetworkId, c.Nonce, c.SignatureExpirationLedger, entry.RootInvocation)),
        SorobanCredentials.AddressV2 { Value: var c } => new HashIDPreimage.SorobanAuthorizationWithAddress(
            new HashIDPreimageSorobanAuthorizationWithAddress(
                network.NetworkId, c.Nonce, c.SignatureExpirationLedger, c.Address, entry.RootInvocation)),
        _ => throw Unsupported(entry),
    };

    /// <summary>The entry signed by <paramref name="key"/>.</summary>
    /// <exception cref="ArgumentException">The entry is another account's.</exception>
    public static SorobanAuthorizationEntry Sign(SorobanAuthorizationEntry entry, Network network, KeyPair key)
    {
        RequireAccount(entry, key.AccountId);
        return WithSignature(entry, key.AccountId, key.Sign(Hash(entry, network).Value.Span));
    }

    /// <summary>The entry with a signature made elsewhere, as the built-in account contract reads it. It is not verified here.</summary>
    public static SorobanAuthorizationEntry WithSignature(SorobanAuthorizationEntry entry, AccountId signer, ReadOnlySpan<byte> signature)
    {
        var value = ScVal.Vec(ScVal.Map(("public_key", ScVal.Bytes(signer.PublicKey)), ("signature", ScVal.Bytes(signature))));
        return WithSignature(entry, value);
    }

    /// <summary>
    /// What became of an unsigned entry: <see cref="AuthorizationVerdict.Valid"/> only when nothing but the signature was added and it is exactly
    /// one good signature of <paramref name="signer"/>.
    /// </summary>
    public static AuthorizationVerdict Verify(SorobanAuthorizationEntry signed, SorobanAuthorizationEntry unsigned, Network network, AccountId signer)
    {
        // The hash does not cover everything (version 1 credentials leave the address out): the entries themselves are compared.
        if (signed.Credentials.Discriminant != unsigned.Credentials.Discriminant || WithoutSignature(signed) != WithoutSignature(unsigned))
        {
            return new AuthorizationVerdict.EntryDiffers();
        }

        return VerifySignature(Credentials(signed).Signature, Hash(unsigned, network), signer);
    }

    /// <summary>Address, nonce, expiration ledger and signature of an entry.</summary>
    /// <exception cref="NotSupportedException">The credentials are not an address's own.</exception>
    public static SorobanAddressCredentials Credentials(SorobanAuthorizationEntry entry) => entry.Credentials switch
    {
        SorobanCredentials.Address address => address.Value,
        SorobanCredentials.AddressV2 address => address.Value,
        _ => throw Unsupported(entry),
    };

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

    private static SorobanAuthorizationEntry WithoutSignature(SorobanAuthorizationEntry entry) => WithSignature(entry, ScVal.Void);

    private static SorobanAuthorizationEntry WithSignature(SorobanAuthorizationEntry entry, SCVal signature) => entry with
    {
        Credentials = entry.Credentials switch
        {
            SorobanCredentials.Address { Value: var c } => new SorobanCredentials.Address(c with { Signature = signature }),
            SorobanCredentials.AddressV2 { Value: var c } => new SorobanCredentials.AddressV2(c with { Signature = signature }),
            _ => throw Unsupported(entry),
        },
    };

    private static void RequireAccount(SorobanAuthorizationEntry entry, AccountId account)
    {
        if (Credentials(entry).Address != account.ToScAddress())
        {
            throw new ArgumentException($"The authorization entry is not {account}'s.", nameof(entry));
        }
    }

    private static NotSupportedException Unsupported(SorobanAuthorizationEntry entry) =>
        new($"An entry with {entry.Credentials.Discriminant} is not authorized by one account's signature.");
}
