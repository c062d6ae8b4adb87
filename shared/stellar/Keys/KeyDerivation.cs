using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Payouts.Stellar;

/// <summary>Derives many keys from one secret (SEP-5: SLIP-10 for Ed25519 on the path m/44'/148'/i').</summary>
public static class KeyDerivation
{
    private const uint Hardened = 0x80000000;
    private const uint Purpose = 44;

    // Stellar's registered coin type (SLIP-44).
    private const uint Stellar = 148;

    /// <summary>The key number <paramref name="index"/> of a secret of 16 to 64 bytes: a BIP-39 seed, or the 32 bytes of an S... key.</summary>
    public static KeyPair Derive(ReadOnlySpan<byte> secret, uint index)
    {
        if (secret.Length is < 16 or > 64)
        {
            throw new ArgumentException($"A secret to derive from has 16 to 64 bytes, not {secret.Length}.", nameof(secret));
        }

        if (index >= Hardened)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"A key number is below {Hardened}.");
        }

        Span<byte> node = stackalloc byte[64];
        try
        {
            HMACSHA512.HashData("ed25519 seed"u8, secret, node);
            ReadOnlySpan<uint> path = [Purpose, Stellar, index];
            foreach (var step in path)
            {
                DeriveChild(node, step | Hardened);
            }

            return KeyPair.FromRawSeed(node[..32]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(node);
        }
    }

    /// <summary>The same from an S... text.</summary>
    /// <exception cref="FormatException">Not a secret seed; the message does not repeat it.</exception>
    public static KeyPair Derive(string secretSeed, uint index)
    {
        var seed = StrKey.Decode(StrKeyKind.SecretSeed, secretSeed);
        try
        {
            return Derive(seed, index);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    // node = key (32 bytes) followed by chain code (32 bytes); replaced by its hardened child.
    private static void DeriveChild(Span<byte> node, uint step)
    {
        Span<byte> data = stackalloc byte[37];
        data[0] = 0;
        node[..32].CopyTo(data[1..]);
        BinaryPrimitives.WriteUInt32BigEndian(data[33..], step);
        Span<byte> child = stackalloc byte[64];
        HMACSHA512.HashData(node[32..], data, child);
        child.CopyTo(node);
        CryptographicOperations.ZeroMemory(data);
        CryptographicOperations.ZeroMemory(child);
    }
}
