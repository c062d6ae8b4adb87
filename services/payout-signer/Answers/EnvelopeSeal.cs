using Payouts.Signer.Configuration;
using Payouts.Stellar;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Answers;

/// <summary>
/// Completes an envelope: the fewest signatures that reach the payout source's threshold, then the channel's. Pure.
/// </summary>
public sealed class EnvelopeSeal(SignerPolicy policy, SigningKeys keys)
{
    /// <summary>Whose signatures count.</summary>
    public SourceSigners Signers => policy.Signers;

    /// <summary>The finished envelope; null: the signatures do not reach the threshold.</summary>
    /// <param name="unsigned">The envelope as it was asked to be signed.</param>
    /// <param name="hash">Its hash on this network.</param>
    /// <param name="verified">Verified signatures, one of each key.</param>
    public SealedEnvelope? Seal(Transaction unsigned, TransactionHash hash, IReadOnlyCollection<KeyValuePair<AccountId, byte[]>> verified)
    {
        if (Signers.Choose(verified.Select(x => x.Key)) is not { } chosen)
            return null;
        var signatures = verified.ToDictionary();
        var signed = chosen.Aggregate(unsigned, (envelope, key) => envelope.AddSignature(key, signatures[key]));
        return new SealedEnvelope(keys.AddChannelSignature(signed, hash, policy.PayoutSource).ToBase64(), chosen);
    }

    /// <summary>The same from stored rows: what somebody changed there, and the key that signs no more since another start, do not count.</summary>
    public SealedEnvelope? Seal(string unsignedXdr, TransactionHash hash, IEnumerable<SourceSignature> stored)
    {
        var good = stored.Select(x => KeyValuePair.Create(AccountId.Parse(x.PublicKey), x.Signature)).Where(x => Ed25519Verifier.Verify(x.Key, hash.Bytes, x.Value)).ToList();
        return Signers.Choose(good.Select(x => x.Key)) is null ? null : Seal(Transaction.FromBase64(unsignedXdr), hash, good);
    }
}

/// <summary>An envelope that the ledger takes.</summary>
/// <param name="SignedXdr">Base64 XDR. Never logged.</param>
/// <param name="SignedBy">Whose signatures stand for the payout source.</param>
public sealed record SealedEnvelope(string SignedXdr, IReadOnlyList<AccountId> SignedBy)
{
    /// <inheritdoc />
    public override string ToString() => nameof(SealedEnvelope);
}
