using System.Numerics;
using System.Security.Cryptography;
using Payouts.Contracts;
using Payouts.Signer.Answers;
using Payouts.Signer.Intent;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using FeeBumpTransaction = Payouts.Stellar.FeeBumpTransaction;
using Transaction = Payouts.Stellar.Transaction;

namespace Payouts.Signer.Tests.Support;

/// <summary>An answer that is wrong in one way, and the refusal that it must meet.</summary>
internal sealed record WrongAnswer(AnswerProblem Problem, string Name, Func<Installation, Transaction, Answer> Make)
{
    // 1 + L in little-endian: a valid S made non-canonical. Core refuses it, lax libraries take it.
    private static readonly byte[] GroupOrder = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

    /// <summary>The identity of the curve: a point of small order.</summary>
    private static readonly byte[] Identity = [1, .. new byte[31]];

    public static IReadOnlyList<WrongAnswer> All { get; } = [.. Envelopes(), .. Bodies(), .. Signatures()];

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

    /// <summary>The request's transaction with one thing changed, well signed with the payout source's own key.</summary>
    private static IEnumerable<WrongAnswer> Bodies()
    {
        yield return Body("another winner", (at, body) => Argument(body, 3, ScVal.Address(at.StrangerKey.AccountId)));
        yield return Body("another contract", (at, body) => Call(body, call => call with { ContractAddress = at.Token.ToScAddress() }));
        yield return Body("another method", (_, body) => Call(body, call => call with { FunctionName = new SCSymbol("set_admin") }));
        yield return Body("a higher fee", (_, body) => body with { Fee = body.Fee + 1 });
        yield return Body("another sequence number", (_, body) => body with { SeqNum = body.SeqNum + 1 });
        yield return Body("another channel", (at, body) => body with { SourceAccount = at.Channels[1].AccountId.ToMuxedAccount() });
        yield return Body("a memo", (_, body) => body with { Memo = new Memo.Id(1) });
        yield return Body("an operation more", (_, body) => body with { Operations = [body.Operations[0], body.Operations[0]] });
        yield return Body("a longer life", (_, body) =>
        {
            var conditions = ((Preconditions.V2)body.Cond).Value;
            return body with { Cond = new Preconditions.V2(conditions with { TimeBounds = conditions.TimeBounds! with { MaxTime = conditions.TimeBounds.MaxTime + 1 } }) };
        });
        yield return Body("more authorized than the call", (at, body) => Invoke(body, invoke => invoke with
        {
            Auth = [invoke.Auth[0] with { RootInvocation = invoke.Auth[0].RootInvocation with { SubInvocations = [Tampering.Transfer(at, at.Token, at.StrangerKey.AccountId, 1)] } }],
        }));
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
        yield return new(AnswerProblem.ExtraSignature, "a key of small order, for which zeros sign", (at, asked) => Of(at, asked, null, new SignatureByKey
        {
            PublicKey = new AccountId(Identity).ToString(),
            Signature = Convert.ToBase64String([.. Identity, .. new byte[32]]),
        }));
        yield return new(AnswerProblem.SignatureInvalid, "an R of small order, for which the equation holds", (at, asked) =>
            Of(at, asked, null, Bytes(at, OfSmallOrder(at.PayoutKey, asked.Hash(at.Network).Bytes))));
    }

    private static WrongAnswer Body(string change, Func<Installation, Stellar.Xdr.Transaction, Stellar.Xdr.Transaction> make) => new(AnswerProblem.BodyDiffers, $"{change}, signed anew", (at, asked) =>
        Of(at, asked, new Transaction(new TransactionV1Envelope(make(at, asked.Body), [])).Sign(at.Network, at.PayoutKey).ToBase64()));

    private static Stellar.Xdr.Transaction Invoke(Stellar.Xdr.Transaction body, Func<InvokeHostFunctionOp, InvokeHostFunctionOp> change) => body with
    {
        Operations = [body.Operations[0] with { Body = new OperationBody.InvokeHostFunction(change(((OperationBody.InvokeHostFunction)body.Operations[0].Body).Value)) }],
    };

    private static Stellar.Xdr.Transaction Call(Stellar.Xdr.Transaction body, Func<InvokeContractArgs, InvokeContractArgs> change) => Invoke(body, invoke =>
        invoke with { HostFunction = new HostFunction.InvokeContract(change(((HostFunction.InvokeContract)invoke.HostFunction).Value)) });

    private static Stellar.Xdr.Transaction Argument(Stellar.Xdr.Transaction body, int index, SCVal value) => Call(body, call =>
        call with { Args = call.Args.Select((argument, at) => at == index ? value : argument).ToXdrArray() });

    private static Answer Right(Installation at, Transaction asked) => Of(at, asked, null, By(at.PayoutKey, asked.Hash(at.Network)));

    private static SignatureByKey Bytes(Installation at, byte[] signature) => new() { PublicKey = at.PayoutKey.AccountId.ToString(), Signature = Convert.ToBase64String(signature) };

    private static Transaction Other(Installation at) => at.Build(at.Order(round: 8), DateTimeOffset.FromUnixTimeSeconds(4_000_000_000));

    /// <summary>S = k * a with R the identity: a lax library finds S * B = R + k * A and takes it. Only the key's owner can make it.</summary>
    private static byte[] OfSmallOrder(KeyPair key, ReadOnlySpan<byte> message)
    {
        var a = SHA512.HashData(StrKey.Decode(StrKeyKind.SecretSeed, key.ExportSecretSeed()))[..32];
        a[0] &= 248;
        a[31] = (byte)((a[31] & 127) | 64);
        var k = SHA512.HashData([.. Identity, .. key.AccountId.PublicKey, .. message]);
        var s = (Little(k) * Little(a) % Little(GroupOrder)).ToByteArray(isUnsigned: true);
        return [.. Identity, .. s, .. new byte[32 - s.Length]];

        static BigInteger Little(byte[] bytes) => new(bytes, isUnsigned: true);
    }

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
