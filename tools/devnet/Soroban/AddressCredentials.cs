using System.Security.Cryptography;
using Payouts.Devnet.Contracts;
using Payouts.Devnet.Ledger;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>Verifies what an address signed, and consumes its nonce: once for each address until the signature expires.</summary>
public sealed class AddressCredentials(Network network)
{
    /// <exception cref="HostException">Expired, used before, or not signed by enough of the account's signers.</exception>
    public void Consume(SorobanHost host, SorobanAuthorizationEntry entry)
    {
        switch (entry.Credentials)
        {
            case SorobanCredentials.SourceAccount:
                return;
            case SorobanCredentials.Address plain:
                ConsumeNonce(host, plain.Value);
                Authenticate(host, plain.Value, new HashIDPreimage.SorobanAuthorization(new HashIDPreimageSorobanAuthorization(
                    network.NetworkId, plain.Value.Nonce, plain.Value.SignatureExpirationLedger, entry.RootInvocation)));
                return;
            case SorobanCredentials.AddressV2 bound:
                ConsumeNonce(host, bound.Value);
                Authenticate(host, bound.Value, new HashIDPreimage.SorobanAuthorizationWithAddress(new HashIDPreimageSorobanAuthorizationWithAddress(
                    network.NetworkId, bound.Value.Nonce, bound.Value.SignatureExpirationLedger, bound.Value.Address, entry.RootInvocation)));
                return;
            case SorobanCredentials.AddressWithDelegates delegated:
                // Delegation (CAP-71) is for contract accounts, whose code asks for it; the accounts that sign here are G... accounts.
                throw HostException.Auth(
                    SCErrorCode.SCEC_INVALID_ACTION,
                    "failed account authentication: an account without a contract has no delegates",
                    delegated.Value.AddressCredentials.Address.ToVal());
            default:
                throw HostException.Auth(SCErrorCode.SCEC_INVALID_INPUT, $"unknown credentials {entry.Credentials.Discriminant}");
        }
    }

    private static void ConsumeNonce(SorobanHost host, SorobanAddressCredentials credentials)
    {
        var ledger = host.Info.Sequence;
        if (ledger > credentials.SignatureExpirationLedger)
        {
            throw HostException.Auth(SCErrorCode.SCEC_INVALID_INPUT, "signature has expired", credentials.Address.ToVal());
        }

        if (credentials.SignatureExpirationLedger > ledger + NetworkLimits.MaxEntryTtlLedgers - 1)
        {
            throw HostException.Auth(SCErrorCode.SCEC_INVALID_INPUT, "signature expiration is too late", credentials.Address.ToVal());
        }

        var key = new SCVal.LedgerKeyNonce(new SCNonceKey(credentials.Nonce));
        if (host.Storage.GetData(credentials.Address, key, ContractDataDurability.TEMPORARY) is not null)
        {
            throw HostException.Auth(SCErrorCode.SCEC_EXISTING_VALUE, "nonce already exists for address", credentials.Address.ToVal());
        }

        var liveUntil = Math.Max(credentials.SignatureExpirationLedger, ledger + NetworkLimits.MinTemporaryTtlLedgers - 1);
        host.Storage.PutData(credentials.Address, key, new SCVal.Void(), ContractDataDurability.TEMPORARY, liveUntil);
    }

    private static void Authenticate(SorobanHost host, SorobanAddressCredentials credentials, HashIDPreimage preimage)
    {
        if (credentials.Address is not SCAddress.Account { Value: var account })
        {
            throw HostException.Auth(SCErrorCode.SCEC_INVALID_ACTION, "failed account authentication: only G... accounts sign here", credentials.Address.ToVal());
        }

        var payload = SHA256.HashData(XdrCodec.ToBytes(preimage));
        var entry = host.Storage.Get(EntryKey.Account(account))?.Account
            ?? throw HostException.Auth(SCErrorCode.SCEC_INVALID_ACTION, "failed account authentication: account entry is missing", credentials.Address.ToVal());
        if (Problem(host, entry, credentials.Signature, payload) is { } problem)
        {
            throw HostException.Auth(SCErrorCode.SCEC_INVALID_ACTION, $"failed account authentication: {problem}", credentials.Address.ToVal());
        }
    }

    /// <summary>The signature is a vector of {public_key, signature}, keys strictly ascending, reaching the medium threshold.</summary>
    private static string? Problem(SorobanHost host, AccountEntry account, SCVal signature, byte[] payload)
    {
        if (signature is not SCVal.Vec { Value.Value: { Count: > 0 and <= 20 } signatures })
        {
            return "signature must be a vector of 1 to 20 account signatures";
        }

        var weight = 0L;
        ReadOnlySpan<byte> previous = default;
        foreach (var one in signatures)
        {
            if (one.Field("public_key") is not SCVal.Bytes { Value.Value: { Length: 32 } key } || one.Field("signature") is not SCVal.Bytes { Value.Value: { Length: 64 } bytes })
            {
                return "each signature needs public_key (32 bytes) and signature (64 bytes)";
            }

            if (!previous.IsEmpty && previous.SequenceCompareTo(key.Span) >= 0)
            {
                return "signatures must be ordered by public key, each once";
            }

            host.Budget.Charge(Budget.SignatureCheck);
            if (!Ed25519Verifier.Verify(new AccountId(key.Span), payload, bytes.Span))
            {
                return "a signature does not verify";
            }

            var signerWeight = Weight(account, key);
            if (signerWeight == 0)
            {
                return "signature doesn't belong to account";
            }

            weight += signerWeight;
            previous = key.Span;
        }

        return weight >= Accounts.Threshold(account, 2) ? null : "signature weight is lower than threshold";
    }

    private static uint Weight(AccountEntry account, XdrBytes key)
    {
        if (AccountId.FromXdr(account.AccountID).PublicKey.SequenceEqual(key.Span))
        {
            return Accounts.MasterWeight(account);
        }

        return account.Signers.FirstOrDefault(signer => signer.Key is SignerKey.Ed25519 one && one.Value.Value == key)?.Weight ?? 0;
    }
}
