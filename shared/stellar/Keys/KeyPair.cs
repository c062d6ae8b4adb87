using System.Security.Cryptography;
using NSec.Cryptography;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>Fills a span with random bytes; tests and simulators pass a seeded one.</summary>
public delegate void RandomBytes(Span<byte> bytes);

/// <summary>
/// An Ed25519 key (RFC 8032), with or without its secret half. The secret lives in libsodium's guarded memory and is never printed.
/// </summary>
public sealed class KeyPair : IDisposable
{
    private static readonly SignatureAlgorithm Ed25519 = SignatureAlgorithm.Ed25519;
    private readonly Key? _key;

    private KeyPair(AccountId accountId, Key? key)
    {
        AccountId = accountId;
        _key = key;
    }

    public AccountId AccountId { get; }

    /// <summary>Whether this key can sign.</summary>
    public bool CanSign => _key is not null;

    /// <param name="secretSeed">S...</param>
    /// <exception cref="FormatException">Not a secret seed; the message does not repeat it.</exception>
    public static KeyPair FromSecretSeed(string secretSeed)
    {
        var seed = StrKey.Decode(StrKeyKind.SecretSeed, secretSeed);
        try
        {
            return FromRawSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <param name="seed">The 32 bytes that an S... key holds.</param>
    public static KeyPair FromRawSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != 32)
        {
            throw new ArgumentException($"An Ed25519 seed has 32 bytes, not {seed.Length}.", nameof(seed));
        }

        var key = Key.Import(Ed25519, seed, KeyBlobFormat.RawPrivateKey, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        return new KeyPair(new AccountId(key.PublicKey.Export(KeyBlobFormat.RawPublicKey)), key);
    }

    /// <summary>A key that can verify but not sign.</summary>
    public static KeyPair FromAccountId(AccountId accountId) => new(accountId, null);

    /// <summary>A new key from the system's random numbers.</summary>
    public static KeyPair Random() => Random(RandomNumberGenerator.Fill);

    /// <summary>A new key from <paramref name="random"/>.</summary>
    public static KeyPair Random(RandomBytes random)
    {
        Span<byte> seed = stackalloc byte[32];
        random(seed);
        try
        {
            return FromRawSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>64 bytes of signature over <paramref name="data"/> (for a transaction: its 32-byte hash).</summary>
    /// <exception cref="InvalidOperationException">The secret half is not here.</exception>
    public byte[] Sign(ReadOnlySpan<byte> data) => Ed25519.Sign(
        _key ?? throw new InvalidOperationException($"{AccountId} cannot sign: its secret seed was not given."), data);

    /// <inheritdoc cref="Sign(ReadOnlySpan{byte})"/>
    public DecoratedSignature SignDecorated(TransactionHash hash) =>
        new(AccountId.SignatureHint, new Xdr.Signature(new XdrBytes(Sign(hash.Bytes))));

    /// <inheritdoc cref="Ed25519Verifier.Verify"/>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => Ed25519Verifier.Verify(AccountId, data, signature);

    /// <summary>The S... text of the secret half, for the one who must store it. Never log it.</summary>
    /// <exception cref="InvalidOperationException">The secret half is not here.</exception>
    public string ExportSecretSeed()
    {
        var key = _key ?? throw new InvalidOperationException($"{AccountId} has no secret seed here to export.");
        var seed = key.Export(KeyBlobFormat.RawPrivateKey);
        try
        {
            return StrKey.Encode(StrKeyKind.SecretSeed, seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>The public half only.</summary>
    public override string ToString() => AccountId.ToString();

    public void Dispose() => _key?.Dispose();
}
