using NSec.Cryptography;

namespace Payouts.Stellar;

/// <summary>
/// Verifies Ed25519 as the ledger does: libsodium's rules, which refuse small-order and non-canonical public keys, a small-order R and a
/// non-canonical S. A signature that passes here passes there.
/// </summary>
public static class Ed25519Verifier
{
    public const int SignatureLength = 64;

    /// <summary>Whether <paramref name="signature"/> (64 bytes, else false) is that of <paramref name="signer"/> over <paramref name="data"/>.</summary>
    public static bool Verify(AccountId signer, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureLength || signer.PublicKey.Length != 32)
        {
            return false;
        }

        return PublicKey.TryImport(SignatureAlgorithm.Ed25519, signer.PublicKey, KeyBlobFormat.RawPublicKey, out var key)
            && SignatureAlgorithm.Ed25519.Verify(key!, data, signature);
    }
}
