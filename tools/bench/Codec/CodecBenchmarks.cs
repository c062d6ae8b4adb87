using BenchmarkDotNet.Attributes;
using NSec.Cryptography;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Bench.Codec;

/// <summary>
/// One operation is one input; each case goes round its inputs. Decoding starts from base64 and encoding ends in it, as on the wire. The names
/// are those of peer.mjs.
/// </summary>
public class CodecBenchmarks
{
    private static readonly string[] EnvelopeTexts = [.. CodecInputs.Envelopes.Select(v => v.Envelope)];
    private static readonly string[] ResultTexts = [.. CodecInputs.Outcomes.Select(v => v.Result)];
    private static readonly string[] MetaTexts = [.. CodecInputs.Outcomes.Select(v => v.Meta)];
    private static readonly Network[] Networks = [.. CodecInputs.Envelopes.Select(v => v.Where())];
    private static readonly TransactionEnvelope[] Envelopes = [.. EnvelopeTexts.Select(XdrCodec.FromBase64<TransactionEnvelope>)];
    private static readonly TransactionResult[] Results = [.. ResultTexts.Select(XdrCodec.FromBase64<TransactionResult>)];
    private static readonly TransactionMeta[] Metas = [.. MetaTexts.Select(XdrCodec.FromBase64<TransactionMeta>)];
    private static readonly byte[][] Hashes = [.. CodecInputs.Envelopes.Select(v => Convert.FromHexString(v.Hash))];
    private static readonly KeyPair Key = KeyPair.FromRawSeed(CodecInputs.Seed);
    private static readonly byte[][] Signatures = [.. Hashes.Select(hash => Key.Sign(hash))];
    private static readonly string[] AccountTexts = CodecInputs.Accounts;
    private static readonly byte[][] AccountKeys = [.. AccountTexts.Select(text => StrKey.Decode(StrKeyKind.AccountId, text))];

    private static readonly SignatureAlgorithm Ed25519 = SignatureAlgorithm.Ed25519;
    private static readonly Key BareKey = NSec.Cryptography.Key.Import(Ed25519, CodecInputs.Seed, KeyBlobFormat.RawPrivateKey);

    private int _next;

    [Benchmark(Description = "decode envelope")]
    public object DecodeEnvelope() => XdrCodec.FromBase64<TransactionEnvelope>(EnvelopeTexts[Next(EnvelopeTexts.Length)]);

    [Benchmark(Description = "decode result")]
    public object DecodeResult() => XdrCodec.FromBase64<TransactionResult>(ResultTexts[Next(ResultTexts.Length)]);

    [Benchmark(Description = "decode meta")]
    public object DecodeMeta() => XdrCodec.FromBase64<TransactionMeta>(MetaTexts[Next(MetaTexts.Length)]);

    [Benchmark(Description = "encode envelope")]
    public string EncodeEnvelope() => XdrCodec.ToBase64(Envelopes[Next(Envelopes.Length)]);

    [Benchmark(Description = "encode result")]
    public string EncodeResult() => XdrCodec.ToBase64(Results[Next(Results.Length)]);

    [Benchmark(Description = "encode meta")]
    public string EncodeMeta() => XdrCodec.ToBase64(Metas[Next(Metas.Length)]);

    [Benchmark(Description = "hash")]
    public TransactionHash Hash()
    {
        var at = Next(Envelopes.Length);
        return EnvelopeHash.Of(Envelopes[at], Networks[at]);
    }

    [Benchmark(Description = "sign")]
    public byte[] Sign() => Key.Sign(Hashes[Next(Hashes.Length)]);

    [Benchmark(Description = "sign, NSec alone")]
    public byte[] SignBare() => Ed25519.Sign(BareKey, Hashes[Next(Hashes.Length)]);

    [Benchmark(Description = "verify")]
    public bool Verify()
    {
        var at = Next(Hashes.Length);
        return Ed25519Verifier.Verify(Key.AccountId, Hashes[at], Signatures[at]);
    }

    [Benchmark(Description = "verify, NSec alone")]
    public bool VerifyBare()
    {
        var at = Next(Hashes.Length);
        return Ed25519.Verify(BareKey.PublicKey, Hashes[at], Signatures[at]);
    }

    [Benchmark(Description = "strkey decode")]
    public byte[] DecodeStrKey() => StrKey.Decode(StrKeyKind.AccountId, AccountTexts[Next(AccountTexts.Length)]);

    [Benchmark(Description = "strkey encode")]
    public string EncodeStrKey() => StrKey.Encode(StrKeyKind.AccountId, AccountKeys[Next(AccountKeys.Length)]);

    /// <summary>What each case computes over all its inputs, as text: equal to the other side's, or the comparison means nothing.</summary>
    internal static IReadOnlyDictionary<string, string[]> Answers() => new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["decode envelope"] = [.. Envelopes.Select(XdrCodec.ToBase64)],
        ["decode result"] = [.. Results.Select(XdrCodec.ToBase64)],
        ["decode meta"] = [.. Metas.Select(XdrCodec.ToBase64)],
        ["hash"] = [.. Envelopes.Select((envelope, i) => EnvelopeHash.Of(envelope, Networks[i]).ToString())],
        ["sign"] = [.. Signatures.Select(Convert.ToHexStringLower)],
        ["verify"] = [.. Signatures.Select((signature, i) => Ed25519Verifier.Verify(Key.AccountId, Hashes[i], signature) ? "true" : "false")],
        ["strkey decode"] = [.. AccountKeys.Select(Convert.ToHexStringLower)],
        ["strkey encode"] = [.. AccountKeys.Select(key => StrKey.Encode(StrKeyKind.AccountId, key))],
    };

    private int Next(int count)
    {
        if (++_next >= count)
        {
            _next = 0;
        }

        return _next;
    }
}
