using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>
/// Checks what a signer returned before anything is sent: the body must be the one that was built, to the byte, and the signatures must be
/// exactly the expected set, each verified as the ledger verifies it.
/// </summary>
public sealed class SignatureVerifier(Network network)
{
    /// <param name="signedXdr">Base64 of a version 1 envelope.</param>
    /// <param name="expected">The hash that was stored when the transaction was built.</param>
    /// <param name="signers">The keys that must have signed, and no others.</param>
    public SignatureVerdict Verify(string signedXdr, TransactionHash expected, IReadOnlyCollection<AccountId> signers)
    {
        try
        {
            return Verify(XdrCodec.FromBase64<TransactionEnvelope>(signedXdr), expected, signers);
        }
        catch (XdrException exception)
        {
            return new SignatureVerdict.NotAnEnvelope(exception.Message);
        }
    }

    /// <inheritdoc cref="Verify(string, TransactionHash, IReadOnlyCollection{AccountId})"/>
    public SignatureVerdict Verify(TransactionEnvelope envelope, TransactionHash expected, IReadOnlyCollection<AccountId> signers)
    {
        var actual = EnvelopeHash.Of(envelope, network);
        if (actual != expected)
        {
            return new SignatureVerdict.BodyDiffers(expected, actual);
        }

        return envelope is TransactionEnvelope.Tx v1
            ? VerifySignatures(v1.Value.Signatures, actual, signers)
            : new SignatureVerdict.WrongEnvelopeType(envelope.Discriminant.ToString());
    }

    /// <summary>The same for a fee bump: the outer signatures against the fee account, the inner ones as they were.</summary>
    /// <param name="expected">The outer hash.</param>
    /// <param name="signers">The keys that must have signed the fee bump.</param>
    /// <param name="innerSigners">The keys that must have signed the transaction inside.</param>
    public SignatureVerdict VerifyFeeBump(
        TransactionEnvelope envelope, TransactionHash expected, IReadOnlyCollection<AccountId> signers, IReadOnlyCollection<AccountId> innerSigners)
    {
        var actual = EnvelopeHash.Of(envelope, network);
        if (actual != expected)
        {
            return new SignatureVerdict.BodyDiffers(expected, actual);
        }

        if (envelope is not TransactionEnvelope.TxFeeBump bump)
        {
            return new SignatureVerdict.WrongEnvelopeType(envelope.Discriminant.ToString());
        }

        var outer = VerifySignatures(bump.Value.Signatures, actual, signers);
        var inner = ((FeeBumpTransactionInnerTx.Tx)bump.Value.Tx.InnerTx).Value;
        return outer is SignatureVerdict.Valid ? VerifySignatures(inner.Signatures, EnvelopeHash.Of(inner.Tx, network), innerSigners) : outer;
    }

    private static SignatureVerdict VerifySignatures(
        XdrArray<DecoratedSignature> signatures, TransactionHash hash, IReadOnlyCollection<AccountId> signers)
    {
        var waiting = signers.Distinct().ToList();
        if (waiting.Count == 0)
        {
            throw new ArgumentException("At least one expected signer is required: an envelope that nobody must sign proves nothing.", nameof(signers));
        }

        var stray = new List<(int Position, DecoratedSignature Signature)>();
        for (var i = 0; i < signatures.Count; i++)
        {
            var signature = signatures[i];
            var signer = waiting.FindIndex(key =>
                key.SignatureHint == signature.Hint && Ed25519Verifier.Verify(key, hash.Bytes, signature.Signature.Value.Span));
            if (signer >= 0)
            {
                waiting.RemoveAt(signer);
            }
            else
            {
                stray.Add((i + 1, signature));
            }
        }

        // A stray signature with the hint of a key that still waits is that key's bad signature; with any other hint it is one too many.
        foreach (var key in waiting)
        {
            return stray.Exists(s => s.Signature.Hint == key.SignatureHint)
                ? new SignatureVerdict.BadSignature(key)
                : new SignatureVerdict.MissingSignature(key);
        }

        return stray.Count > 0 ? new SignatureVerdict.ExtraSignature(stray[0].Position) : new SignatureVerdict.Valid();
    }
}
