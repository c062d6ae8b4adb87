using Payouts.Contracts;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Answers;

/// <summary>
/// Completes an envelope: the fewest signatures that reach the payout source's threshold, then the channel's. Pure.
/// </summary>
public sealed class EnvelopeSeal(SignerPolicy policy, SigningKeys keys)
{
    /// <summary>Whose signatures count.</summary>
    public SourceSigners Signers => policy.Signers;

    /// <summary>The finished envelope, or the signed authorization; null: the signatures do not reach the threshold.</summary>
    /// <param name="request">What was asked to be signed.</param>
    /// <param name="verified">Verified signatures, one of each key.</param>
    public SealedEnvelope? Seal(SignRequest request, IReadOnlyCollection<KeyValuePair<AccountId, byte[]>> verified)
    {
        if (Signers.Choose(verified.Select(x => x.Key)) is not { } chosen)
            return null;
        var signatures = verified.ToDictionary();
        if (request.Form == SigningForm.Authorization)
        {
            var entry = PayoutAuthorization.FromPreimage(request.UnsignedXdr, policy.PayoutSource);
            return new SealedEnvelope(XdrCodec.ToBase64(SorobanAuthorization.WithSignatures(entry, [.. chosen.Select(key => KeyValuePair.Create(key, signatures[key]))])), chosen);
        }

        var signed = chosen.Aggregate(Transaction.FromBase64(request.UnsignedXdr), (envelope, key) => envelope.AddSignature(key, signatures[key]));
        return new SealedEnvelope(keys.AddChannelSignature(signed, TransactionHash.Parse(request.TransactionHash), policy.PayoutSource).ToBase64(), chosen);
    }

    /// <summary>An envelope whose call the payout source has authorized, with its channel's signature.</summary>
    public string SealAuthorized(IntentVerdict.Authorized authorized) =>
        keys.AddChannelSignature(authorized.Transaction, authorized.Hash, policy.PayoutSource).ToBase64();

    /// <summary>The same from stored rows: what somebody changed there, and the key that signs no more since another start, do not count.</summary>
    public SealedEnvelope? Seal(SignRequest request, IEnumerable<SourceSignature> stored)
    {
        var hash = TransactionHash.Parse(request.TransactionHash);
        return Seal(request, stored.Select(x => KeyValuePair.Create(AccountId.Parse(x.PublicKey), x.Signature)).Where(x => Ed25519Verifier.Verify(x.Key, hash.Bytes, x.Value)).ToList());
    }
}

/// <summary>An envelope, or an authorization, that the ledger takes.</summary>
/// <param name="SignedXdr">Base64 XDR. Never logged.</param>
/// <param name="SignedBy">Whose signatures stand for the payout source.</param>
public sealed record SealedEnvelope(string SignedXdr, IReadOnlyList<AccountId> SignedBy)
{
    /// <inheritdoc />
    public override string ToString() => nameof(SealedEnvelope);
}
