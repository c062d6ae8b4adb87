using Payouts.Contracts;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;
using Payouts.Stellar;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Answers;

/// <summary>
/// Verifies what the external signer returned. Pure: the body must be the stored one to the byte, signed by the payout source and by nobody
/// else, and the signature must verify as strictly as the ledger does it. Only then is the channel's signature added.
/// </summary>
public sealed class AnswerCheck(SignerPolicy policy, SigningKeys keys)
{
    private readonly SignatureVerifier _verifier = new(policy.Network);

    /// <summary>Verifies an answer to a request that was asked.</summary>
    public AnswerVerdict Check(SignRequest request, Answer answer)
    {
        if (answer.TransactionHash != request.TransactionHash)
            return Refuse(AnswerProblem.HashMismatch, $"the request's hash is {request.TransactionHash}, another was signed");
        return (answer.SignedXdr, answer.Signatures) switch
        {
            (not null, not null) => Refuse(AnswerProblem.BothForms, "give either signedXdr or signatures, not both"),
            (null, null) => Refuse(AnswerProblem.NoSignature, "give signedXdr, or signatures with publicKey and signature"),
            ({ } xdr, null) => CheckEnvelope(request, xdr),
            (null, { } signatures) => CheckSignatures(request, signatures),
        };
    }

    private AnswerVerdict CheckEnvelope(SignRequest request, string xdr)
    {
        if (xdr.Length > IntentCheck.XdrLengthMax)
            return Refuse(AnswerProblem.AnswerTooLarge, $"signedXdr has {xdr.Length} characters; the network takes at most {IntentCheck.XdrLengthMax}");
        Transaction signed;
        try
        {
            signed = Transaction.FromBase64(xdr);
        }
        catch (TransactionFormatException wrong) when (wrong.InnerException is not null)
        {
            return Refuse(AnswerProblem.EnvelopeUnreadable, $"signedXdr is {wrong.Message}");
        }
        catch (TransactionFormatException wrong)
        {
            return Refuse(AnswerProblem.BodyDiffers, $"signedXdr: {wrong.Message}");
        }

        return signed.WithoutSignatures().ToBase64() == request.UnsignedXdr
            ? Verify(request, signed)
            : Refuse(AnswerProblem.BodyDiffers, "signedXdr holds another transaction than the request's unsignedXdr; sign that one unchanged");
    }

    private AnswerVerdict CheckSignatures(SignRequest request, IReadOnlyList<SignatureByKey> signatures)
    {
        var wanted = policy.PayoutSource.ToString();
        if (signatures.Count == 0)
            return Refuse(AnswerProblem.SignatureMissing, $"signatures is empty; one of {wanted} is wanted");
        if (signatures.Count > 1)
            return Refuse(AnswerProblem.ExtraSignature, $"there are {signatures.Count} signatures; exactly one, of {wanted}, is wanted");
        // JSON's null inside a list passes every annotation.
        if (signatures[0] is null)
            return Refuse(AnswerProblem.SignatureMissing, $"signatures holds null; publicKey and signature of {wanted} are wanted");
        if (signatures[0].PublicKey != wanted)
            return Refuse(AnswerProblem.ExtraSignature, $"publicKey is not {wanted}, the one key whose signature is wanted");
        var bytes = new byte[Ed25519Verifier.SignatureLength];
        if (!Convert.TryFromBase64String(signatures[0].Signature, bytes, out var length) || length != bytes.Length)
            return Refuse(AnswerProblem.SignatureInvalid, $"signature is not base64 of {bytes.Length} bytes");
        return Verify(request, Transaction.FromBase64(request.UnsignedXdr).AddSignature(policy.PayoutSource, bytes));
    }

    private AnswerVerdict Verify(SignRequest request, Transaction signed)
    {
        var hash = TransactionHash.Parse(request.TransactionHash);
        return _verifier.Verify(signed.ToEnvelope(), hash, [policy.PayoutSource]) switch
        {
            SignatureVerdict.Valid => new AnswerVerdict.Good(keys.AddChannelSignature(signed, hash, policy.PayoutSource).ToBase64()),
            SignatureVerdict.MissingSignature missing => Refuse(AnswerProblem.SignatureMissing, $"no signature is of {missing.Signer}"),
            SignatureVerdict.BadSignature bad => Refuse(AnswerProblem.SignatureInvalid, $"the signature of {bad.Signer} does not verify over the 32 bytes of the hash; sign them with plain Ed25519, not prehashed"),
            SignatureVerdict.ExtraSignature extra => Refuse(AnswerProblem.ExtraSignature, $"signature {extra.Position} is not wanted; only {policy.PayoutSource} signs here"),
            _ => Refuse(AnswerProblem.BodyDiffers, "the signed transaction is not the request's"),
        };
    }

    private static AnswerVerdict.Refused Refuse(AnswerProblem problem, string detail) => new(problem, detail);
}
