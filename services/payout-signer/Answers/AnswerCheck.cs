using Payouts.Contracts;
using Payouts.Signer.Configuration;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;
using Payouts.Stellar;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Answers;

/// <summary>
/// Verifies what an external signer returned. Pure: the body must be the stored one to the byte, signed by keys of the payout source and by nobody
/// else, and each signature must verify as strictly as the ledger does it. An answer is taken whole or not at all.
/// </summary>
public sealed class AnswerCheck(SignerPolicy policy, SigningKeys keys)
{
    private readonly EnvelopeSeal _seal = new(policy, keys);
    private readonly SourceSigners _signers = policy.Signers;
    private readonly string _wanted = policy.Signers.AreOne ? policy.Signers.Keys[0].ToString() : $"any of {string.Join(", ", policy.Signers.Keys)}";

    /// <summary>Verifies an answer to a request that was asked.</summary>
    public AnswerVerdict Check(SignRequest request, Answer answer)
    {
        if (answer.TransactionHash != request.TransactionHash)
            return Refuse(AnswerProblem.HashMismatch, $"the request's hash is {request.TransactionHash}, another was signed");
        return (answer.SignedXdr, answer.Signatures) switch
        {
            (not null, not null) => Refuse(AnswerProblem.BothForms, "give either signedXdr or signatures, not both"),
            (null, null) => Refuse(AnswerProblem.NoSignature, "give signedXdr, or signatures with publicKey and signature"),
            (not null, null) when request.Form == SigningForm.Authorization => Refuse(AnswerProblem.NotAnEnvelope, "an authorization is answered with signatures, publicKey and signature; there is no envelope to sign"),
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

        var unsigned = signed.WithoutSignatures();
        var hash = unsigned.Hash(policy.Network);
        return unsigned.ToBase64() == request.UnsignedXdr && hash.ToString() == request.TransactionHash
            ? CheckCarried(request, signed, hash)
            : Refuse(AnswerProblem.BodyDiffers, "signedXdr holds another transaction than the request's unsignedXdr; sign that one unchanged");
    }

    /// <summary>An envelope names its signers by the last four bytes of their keys only: each signature must be that of a wanted key which has none yet.</summary>
    private AnswerVerdict CheckCarried(SignRequest request, Transaction signed, TransactionHash hash)
    {
        var found = new List<KeyValuePair<AccountId, byte[]>>();
        var strays = new List<(int Position, Stellar.Xdr.DecoratedSignature Signature)>();
        var left = _signers.Keys.ToList();
        foreach (var (index, one) in signed.Signatures.Index())
        {
            var at = left.FindIndex(key => key.SignatureHint == one.Hint && Ed25519Verifier.Verify(key, hash.Bytes, one.Signature.Value.Span));
            if (at < 0)
                strays.Add((index + 1, one));
            else
            {
                found.Add(new(left[at], one.Signature.Value.ToArray()));
                left.RemoveAt(at);
            }
        }

        foreach (var key in left.Where(key => strays.Exists(x => x.Signature.Hint == key.SignatureHint)))
            return Refuse(AnswerProblem.SignatureInvalid, Invalid(key));
        if (found.Count == 0)
            return Refuse(AnswerProblem.SignatureMissing, $"no signature is of {_wanted}");
        return strays.Count == 0 ? Good(request, found)
            : Refuse(AnswerProblem.ExtraSignature, $"signature {strays[0].Position} is not wanted; only {_wanted} signs here, once");
    }

    private AnswerVerdict CheckSignatures(SignRequest request, IReadOnlyList<SignatureByKey> signatures)
    {
        if (signatures.Count == 0)
            return Refuse(AnswerProblem.SignatureMissing, $"signatures is empty; one of {_wanted} is wanted");
        if (signatures.Count > _signers.Keys.Count)
            return Refuse(AnswerProblem.ExtraSignature, $"there are {signatures.Count} signatures; {(_signers.AreOne ? "exactly one, of" : "at most one each, of")} {_wanted}, is wanted");
        var hash = TransactionHash.Parse(request.TransactionHash);
        var found = new List<KeyValuePair<AccountId, byte[]>>();
        foreach (var one in signatures)
        {
            // JSON's null inside a list passes every annotation.
            if (one is null)
                return Refuse(AnswerProblem.SignatureMissing, $"signatures holds null; publicKey and signature of {_wanted} are wanted");
            if (!AccountId.TryParse(one.PublicKey, out var key) || _signers.WeightOf(key) == 0)
                return Refuse(AnswerProblem.ExtraSignature, $"a publicKey is not {_wanted}, whose signature is wanted");
            if (found.Exists(x => x.Key == key))
                return Refuse(AnswerProblem.ExtraSignature, $"signatures holds {key} twice");
            var bytes = new byte[Ed25519Verifier.SignatureLength];
            if (!Convert.TryFromBase64String(one.Signature, bytes, out var length) || length != bytes.Length)
                return Refuse(AnswerProblem.SignatureInvalid, $"the signature of {key} is not base64 of {bytes.Length} bytes");
            if (!Ed25519Verifier.Verify(key, hash.Bytes, bytes))
                return Refuse(AnswerProblem.SignatureInvalid, Invalid(key));
            found.Add(new(key, bytes));
        }

        return Good(request, found);
    }

    private AnswerVerdict.Good Good(SignRequest request, List<KeyValuePair<AccountId, byte[]>> signatures) => new(signatures, _seal.Seal(request, signatures));

    private static string Invalid(AccountId key) => $"the signature of {key} does not verify over the 32 bytes of the hash; sign them with plain Ed25519, not prehashed";

    private static AnswerVerdict.Refused Refuse(AnswerProblem problem, string detail) => new(problem, detail);
}
