using System.Buffers.Binary;

namespace Payouts.Stellar;

/// <summary>What a strkey names (SEP-23). The value is the version byte.</summary>
public enum StrKeyKind : byte
{
    ClaimableBalance = 1 << 3,
    Contract = 2 << 3,
    AccountId = 6 << 3,
    LiquidityPool = 11 << 3,
    MuxedAccount = 12 << 3,
    SignedPayload = 15 << 3,
    SecretSeed = 18 << 3,
    PreAuthTransaction = 19 << 3,
    HashX = 23 << 3,
}

/// <summary>
/// Stellar's text form of keys (SEP-23): base32 of version byte, payload and CRC16-XModem in little-endian order. Strict: exactly one text
/// per key is accepted.
/// </summary>
public static class StrKey
{
    private const int ChecksumLength = 2;
    private const int SignedPayloadLengthMax = 64;

    // Of what was taken for a key, in a message.
    private const int QuotedLengthMax = 120;

    // The CRC of each byte alone (polynomial 0x1021): eight steps of the checksum in one.
    private static readonly ushort[] CrcOfByte = [.. Enumerable.Range(0, 256).Select(b =>
        Enumerable.Range(0, 8).Aggregate((ushort)(b << 8), (crc, _) => (ushort)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1)))];

    public static string Encode(StrKeyKind kind, ReadOnlySpan<byte> payload)
    {
        if (PayloadError(kind, payload) is { } error)
        {
            throw new ArgumentException($"{kind}: {error}", nameof(payload));
        }

        Span<byte> bytes = stackalloc byte[1 + payload.Length + ChecksumLength];
        bytes[0] = (byte)kind;
        payload.CopyTo(bytes[1..]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[^ChecksumLength..], Crc16XModem(bytes[..^ChecksumLength]));
        return Base32.Encode(bytes);
    }

    /// <exception cref="FormatException">The text is not a strkey of this kind; the message says why and never repeats a secret.</exception>
    public static byte[] Decode(StrKeyKind kind, string text) =>
        TryDecode(text, out var actual, out var payload, out var error)
            ? actual == kind ? payload : throw new FormatException($"{Quote(text)} is a {actual}, not a {kind}")
            : throw new FormatException($"{Quote(text)} is not a {kind}: {error}");

    /// <summary>Reads a strkey of any kind; on failure <paramref name="error"/> says what was wrong.</summary>
    public static bool TryDecode(string? text, out StrKeyKind kind, out byte[] payload, out string error)
    {
        kind = default;
        payload = [];
        if (string.IsNullOrEmpty(text))
        {
            error = "it is empty";
            return false;
        }

        if (Base32.TryDecode(text, out error) is not { } bytes)
        {
            return false;
        }

        if (bytes.Length < 1 + ChecksumLength)
        {
            error = $"{text.Length} characters are too few";
            return false;
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan()[^ChecksumLength..]) != Crc16XModem(bytes.AsSpan(0, bytes.Length - ChecksumLength)))
        {
            error = "its checksum does not match: a character was mistyped or lost";
            return false;
        }

        kind = (StrKeyKind)bytes[0];
        var body = bytes.AsSpan()[1..^ChecksumLength];
        error = PayloadError(kind, body) ?? "";
        if (error.Length > 0)
        {
            return false;
        }

        payload = body.ToArray();
        return true;
    }

    /// <summary>The text for an error message; a secret seed is never repeated.</summary>
    internal static string Quote(string? text) => text switch
    {
        null or "" => "An empty text",
        ['S' or 's', ..] => "A text that begins with S (withheld: it may be a secret)",
        _ => $"'{(text.Length <= QuotedLengthMax ? text : text[..QuotedLengthMax] + "...")}'",
    };

    private static string? PayloadError(StrKeyKind kind, ReadOnlySpan<byte> payload) => kind switch
    {
        StrKeyKind.AccountId or StrKeyKind.SecretSeed or StrKeyKind.Contract or StrKeyKind.LiquidityPool
            or StrKeyKind.PreAuthTransaction or StrKeyKind.HashX => LengthError(payload, 32),
        StrKeyKind.MuxedAccount => LengthError(payload, 40),
        StrKeyKind.ClaimableBalance => LengthError(payload, 33) ?? (payload[0] == 0 ? null : $"claimable balance type {payload[0]} is unknown, only 0 is"),
        StrKeyKind.SignedPayload => SignedPayloadError(payload),
        _ => $"version byte {(byte)kind} is unknown",
    };

    private static string? LengthError(ReadOnlySpan<byte> payload, int expected) =>
        payload.Length == expected ? null : $"it holds {payload.Length} bytes, {expected} are right";

    // Key, length of the payload, payload, zeros up to a multiple of four.
    private static string? SignedPayloadError(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 36)
        {
            return $"it holds {payload.Length} bytes, at least 40 are right";
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(payload[32..]);
        if (length is 0 or > SignedPayloadLengthMax)
        {
            return $"a signed payload has 1 to {SignedPayloadLengthMax} bytes, not {length}";
        }

        var padded = 36 + (int)((length + 3) & ~3u);
        return LengthError(payload, padded) ?? (payload[(36 + (int)length)..].ContainsAnyExcept((byte)0) ? "its padding bytes are not zero" : null);
    }

    private static ushort Crc16XModem(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0;
        foreach (var b in bytes)
        {
            crc = (ushort)((crc << 8) ^ CrcOfByte[(crc >> 8) ^ b]);
        }

        return crc;
    }
}
