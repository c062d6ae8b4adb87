using Payouts.Stellar;

namespace Payouts.Signers;

/// <summary>SubjectPublicKeyInfo of an Ed25519 key (RFC 8410): 44 bytes of DER, the key in the last 32.</summary>
public static class Ed25519PublicKeyInfo
{
    /// <summary>Sequence of (sequence of OID 1.3.101.112 without parameters), bit string of 32 bytes. The one encoding that DER allows.</summary>
    private static ReadOnlySpan<byte> Prefix => [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

    private const int Length = 44;
    private const string PemBegin = "-----BEGIN PUBLIC KEY-----";
    private const string PemEnd = "-----END PUBLIC KEY-----";

    /// <summary>Reads the key.</summary>
    /// <exception cref="SigningFailedException">Not exactly such a key.</exception>
    public static AccountId Read(ReadOnlySpan<byte> der) => der.Length == Length && der.StartsWith(Prefix)
        ? new AccountId(der[Prefix.Length..])
        : throw new SigningFailedException(SigningProblem.KeyTypeWrong, $"the public key has {der.Length} bytes of DER and is not an Ed25519 key of {Length} bytes");

    /// <summary>Reads the key out of PEM.</summary>
    /// <exception cref="SigningFailedException">Not exactly such a key.</exception>
    public static AccountId ReadPem(string pem)
    {
        var text = pem.ReplaceLineEndings("").Trim();
        if (!text.StartsWith(PemBegin, StringComparison.Ordinal) || !text.EndsWith(PemEnd, StringComparison.Ordinal) || text.Length < PemBegin.Length + PemEnd.Length)
            throw new SigningFailedException(SigningProblem.AnswerUnreadable, "the public key is not PEM of a PUBLIC KEY");
        var der = new byte[Length + 1];
        return Convert.TryFromBase64String(text[PemBegin.Length..^PemEnd.Length], der, out var length)
            ? Read(der.AsSpan(0, length))
            : throw new SigningFailedException(SigningProblem.KeyTypeWrong, $"the public key's PEM is not base64 of {Length} bytes");
    }

    /// <summary>Writes the key, as a provider does.</summary>
    public static byte[] Write(AccountId key) => [.. Prefix, .. key.PublicKey];
}
