using Payouts.Contracts;
using Payouts.Signer.Answers;
using Payouts.Signer.Intent;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using FeeBumpTransaction = Payouts.Stellar.FeeBumpTransaction;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Tests.Answers;

/// <summary>An answer that is wrong in one way, and the refusal that it must meet.</summary>
internal sealed record WrongAnswer(AnswerProblem Problem, string Name, Func<Installation, Transaction, Answer> Make)
{
    // 1 + L in little-endian: a valid S made non-canonical. Core refuses it, lax libraries take it.
    private static readonly byte[] GroupOrder = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

    public static IReadOnlyList<WrongAnswer> All { get; } = [.. Envelopes(), .. Signatures()];

    public static Answer Of(Installation at, Transaction asked, string? signedXdr = null, params SignatureByKey[]? signatures) => new()
    {
        TransactionHash = asked.Hash(at.Network).ToString(),
        SignedXdr = signedXdr,
        Signatures = signatures is { Length: > 0 } ? signatures : null,
    };

    public static SignatureByKey By(KeyPair key, TransactionHash hash) => new()
    {
        PublicKey = key.AccountId.ToString(),
        Signature = Convert.ToBase64String(key.Sign(hash.Bytes)),
    };

    private static IEnumerable<WrongAnswer> Envelopes()
    {
        yield return new(AnswerProblem.BodyDiffers, "an unrelated transaction, well signed", (at, asked) => Of(at, asked, Other(at).Sign(at.Network, at.PayoutKey).ToBase64()));
        yield return new(AnswerProblem.BodyDiffers, "an unrelated transaction, not signed", (at, asked) => Of(at, asked, Other(at).ToBase64()));
        yield return new(AnswerProblem.BodyDiffers, "the amount changed, signed anew", (at, asked) =>
            Of(at, asked, at.Build(at.Order(amount: "12.5000001"), asked).Sign(at.Network, at.PayoutKey).ToBase64()));
        yield return new(AnswerProblem.BodyDiffers, "the amount changed, the right signature kept", (at, asked) =>
            Of(at, asked, at.Build(at.Order(amount: "12.5000001"), asked).AddSignature(at.PayoutKey.SignDecorated(asked.Hash(at.Network))).ToBase64()));
        yield return new(AnswerProblem.BodyDiffers, "a fee bump around it", (at, asked) =>
            Of(at, asked, FeeBumpTransaction.Wrap(asked.Sign(at.Network, at.PayoutKey), at.PayoutKey.AccountId, 400_000).Sign(at.Network, at.PayoutKey).ToBase64()));
        yield return new(AnswerProblem.SignatureMissing, "the envelope unsigned", (at, asked) => Of(at, asked, asked.ToBase64()));
        yield return new(AnswerProblem.SignatureMissing, "signed by a stranger alone", (at, asked) => Of(at, asked, asked.Sign(at.Network, at.StrangerKey).ToBase64()));
        yield return new(AnswerProblem.SignatureInvalid, "signed for another network", (at, asked) => Of(at, asked, asked.Sign(Network.Public, at.PayoutKey).ToBase64()));
        yield return new(AnswerProblem.ExtraSignature, "a stranger signed as well", (at, asked) => Of(at, asked, asked.Sign(at.Network, at.PayoutKey, at.StrangerKey).ToBase64()));
        yield return new(AnswerProblem.ExtraSignature, "signed twice", (at, asked) => Of(at, asked, asked.Sign(at.Network, at.PayoutKey, at.PayoutKey).ToBase64()));
        yield return new(AnswerProblem.ExtraSignature, "the channel signed as well", (at, asked) => Of(at, asked, asked.Sign(at.Network, at.PayoutKey, at.Channels[0]).ToBase64()));
        yield return new(AnswerProblem.EnvelopeUnreadable, "broken base64", (at, asked) => Of(at, asked, "%%%"));
        yield return new(AnswerProblem.EnvelopeUnreadable, "an empty envelope", (at, asked) => Of(at, asked, ""));
        yield return new(AnswerProblem.EnvelopeUnreadable, "line feeds in the base64", (at, asked) => Of(at, asked, asked.Sign(at.Network, at.PayoutKey).ToBase64().Insert(76, "\n")));
        yield return new(AnswerProblem.EnvelopeUnreadable, "bytes behind the envelope", (at, asked) =>
            Of(at, asked, Convert.ToBase64String([.. XdrCodec.ToBytes(asked.Sign(at.Network, at.PayoutKey).ToEnvelope()), 0, 0, 0, 0])));
        yield return new(AnswerProblem.AnswerTooLarge, "oversized", (at, asked) => Of(at, asked, new string('A', IntentCheck.XdrLengthMax + 4)));
    }

    private static IEnumerable<WrongAnswer> Signatures()
    {
        yield return new(AnswerProblem.HashMismatch, "another hash", (at, asked) => Right(at, asked) with { TransactionHash = Other(at).Hash(at.Network).ToString() });
        yield return new(AnswerProblem.BothForms, "both forms", (at, asked) => Right(at, asked) with { SignedXdr = asked.Sign(at.Network, at.PayoutKey).ToBase64() });
        yield return new(AnswerProblem.NoSignature, "neither form", (at, asked) => Right(at, asked) with { Signatures = null });
        yield return new(AnswerProblem.SignatureMissing, "an empty list", (at, asked) => Right(at, asked) with { Signatures = [] });
        yield return new(AnswerProblem.SignatureMissing, "null in the list", (at, asked) => Right(at, asked) with { Signatures = [null!] });
        yield return new(AnswerProblem.ExtraSignature, "a wrong key", (at, asked) => Of(at, asked, null, By(at.StrangerKey, asked.Hash(at.Network))));
        yield return new(AnswerProblem.ExtraSignature, "two signatures", (at, asked) =>
            Of(at, asked, null, By(at.PayoutKey, asked.Hash(at.Network)), By(at.StrangerKey, asked.Hash(at.Network))));
        yield return new(AnswerProblem.ExtraSignature, "a public key in hex", (at, asked) =>
            Of(at, asked, null, By(at.PayoutKey, asked.Hash(at.Network)) with { PublicKey = Convert.ToHexString(at.PayoutKey.AccountId.PublicKey) }));
        yield return new(AnswerProblem.SignatureInvalid, "a stranger's signature under the right key", (at, asked) =>
            Of(at, asked, null, By(at.StrangerKey, asked.Hash(at.Network)) with { PublicKey = at.PayoutKey.AccountId.ToString() }));
        yield return new(AnswerProblem.SignatureInvalid, "signature of another transaction", (at, asked) => Of(at, asked, null, By(at.PayoutKey, Other(at).Hash(at.Network))));
        yield return new(AnswerProblem.SignatureInvalid, "the hash's text signed instead of its bytes", (at, asked) => Of(at, asked, null,
            Bytes(at, at.PayoutKey.Sign(System.Text.Encoding.ASCII.GetBytes(asked.Hash(at.Network).ToString())))));
        yield return new(AnswerProblem.SignatureInvalid, "broken base64 of the signature", (at, asked) =>
            Of(at, asked, null, By(at.PayoutKey, asked.Hash(at.Network)) with { Signature = "no base64" }));
        yield return new(AnswerProblem.SignatureInvalid, "63 bytes", (at, asked) => Of(at, asked, null, Bytes(at, at.PayoutKey.Sign(asked.Hash(at.Network).Bytes)[..63])));
        yield return new(AnswerProblem.SignatureInvalid, "65 bytes", (at, asked) => Of(at, asked, null, Bytes(at, [.. at.PayoutKey.Sign(asked.Hash(at.Network).Bytes), 0])));
        yield return new(AnswerProblem.SignatureInvalid, "a non-canonical S", (at, asked) =>
            Of(at, asked, null, Bytes(at, PlusGroupOrder(at.PayoutKey.Sign(asked.Hash(at.Network).Bytes)))));
    }

    private static Answer Right(Installation at, Transaction asked) => Of(at, asked, null, By(at.PayoutKey, asked.Hash(at.Network)));

    private static SignatureByKey Bytes(Installation at, byte[] signature) => new() { PublicKey = at.PayoutKey.AccountId.ToString(), Signature = Convert.ToBase64String(signature) };

    private static Transaction Other(Installation at) => at.Build(at.Order(round: 8), DateTimeOffset.FromUnixTimeSeconds(4_000_000_000));

    private static byte[] PlusGroupOrder(byte[] signature)
    {
        var carry = 0;
        for (var i = 0; i < 32; i++)
        {
            carry += signature[32 + i] + GroupOrder[i];
            signature[32 + i] = (byte)carry;
            carry >>= 8;
        }

        return signature;
    }
}
