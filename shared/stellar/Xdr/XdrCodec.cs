using System.Security.Cryptography;

namespace Payouts.Stellar.Xdr;

/// <summary>Whole values to and from bytes and base64, strictly: what is read back is what would be written.</summary>
public static class XdrCodec
{
    // Most values of a payout fit: a signed single-winner payout has about 1,100 bytes.
    private const int StackBytes = 2048;

    /// <exception cref="XdrException">The value breaks a bound of its type.</exception>
    public static byte[] ToBytes(IXdrValue value) => ToBytes(value, XdrLimits.Default);

    /// <inheritdoc cref="ToBytes(IXdrValue)"/>
    public static byte[] ToBytes(IXdrValue value, XdrLimits limits)
    {
        var writer = new XdrWriter(limits, stackalloc byte[StackBytes]);
        value.Write(ref writer);
        return writer.Written.ToArray();
    }

    /// <inheritdoc cref="ToBytes(IXdrValue)"/>
    public static string ToBase64(IXdrValue value)
    {
        var writer = new XdrWriter(XdrLimits.Default, stackalloc byte[StackBytes]);
        value.Write(ref writer);
        return Convert.ToBase64String(writer.Written);
    }

    /// <summary>SHA-256 over the value's bytes, into <paramref name="hash"/> (32 bytes).</summary>
    /// <exception cref="XdrException">The value breaks a bound of its type.</exception>
    public static void Sha256(IXdrValue value, Span<byte> hash)
    {
        var writer = new XdrWriter(XdrLimits.Default, stackalloc byte[StackBytes]);
        value.Write(ref writer);
        SHA256.HashData(writer.Written, hash);
    }

    /// <exception cref="XdrException">The bytes are not exactly one <typeparamref name="T"/>.</exception>
    public static T FromBytes<T>(ReadOnlySpan<byte> bytes)
        where T : IXdr<T> => FromBytes<T>(bytes, XdrLimits.Default);

    /// <inheritdoc cref="FromBytes{T}(ReadOnlySpan{byte})"/>
    public static T FromBytes<T>(ReadOnlySpan<byte> bytes, XdrLimits limits)
        where T : IXdr<T>
    {
        var reader = new XdrReader(bytes, limits, typeof(T).Name);
        var value = T.Read(ref reader);
        reader.RequireEnd();
        return value;
    }

    /// <exception cref="XdrException">The text is not canonical base64 of exactly one <typeparamref name="T"/>.</exception>
    public static T FromBase64<T>(string base64)
        where T : IXdr<T> => FromBase64<T>(base64, XdrLimits.Default);

    /// <inheritdoc cref="FromBase64{T}(string)"/>
    public static T FromBase64<T>(string base64, XdrLimits limits)
        where T : IXdr<T>
    {
        var name = typeof(T).Name;
        if (base64.Length / 4 * 3L > limits.BytesMax + 3L)
        {
            throw new XdrException(XdrErrorKind.SizeExceeded, name, 0, $"{base64.Length} characters of base64 hold more than {limits.BytesMax} bytes");
        }

        var bytesMax = base64.Length / 4 * 3;
        var bytes = bytesMax <= StackBytes ? stackalloc byte[bytesMax] : new byte[bytesMax];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || !IsCanonical(base64, bytes[..length]))
        {
            throw new XdrException(XdrErrorKind.InvalidBase64, name, 0, $"{base64.Length} characters are not canonical base64");
        }

        return FromBytes<T>(bytes[..length], limits);
    }

    // .NET reads over white space and over surplus bits in the last group. White space makes the text longer than its bytes need; the last group,
    // written again, shows whether it was the canonical one.
    private static bool IsCanonical(string base64, ReadOnlySpan<byte> bytes)
    {
        if (base64.Length != (bytes.Length + 2) / 3 * 4)
        {
            return false;
        }

        var inLastGroup = bytes.Length % 3;
        Span<char> last = stackalloc char[4];
        return inLastGroup == 0
            || (Convert.TryToBase64Chars(bytes[^inLastGroup..], last, out _) && base64.AsSpan().EndsWith(last, StringComparison.Ordinal));
    }
}
