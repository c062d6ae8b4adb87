namespace Payouts.Stellar.Xdr;

/// <summary>Whole values to and from bytes and base64, strictly: what is read back is what would be written.</summary>
public static class XdrCodec
{
    /// <exception cref="XdrException">The value breaks a bound of its type.</exception>
    public static byte[] ToBytes(IXdrValue value) => ToBytes(value, XdrLimits.Default);

    /// <inheritdoc cref="ToBytes(IXdrValue)"/>
    public static byte[] ToBytes(IXdrValue value, XdrLimits limits)
    {
        var writer = new XdrWriter(limits);
        value.Write(ref writer);
        return writer.ToArray();
    }

    /// <inheritdoc cref="ToBytes(IXdrValue)"/>
    public static string ToBase64(IXdrValue value) => Convert.ToBase64String(ToBytes(value));

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

        var bytes = new byte[base64.Length / 4 * 3];

        // .NET reads over white space and surplus bits; writing the bytes back shows whether the text was the canonical one.
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || Convert.ToBase64String(bytes.AsSpan(0, length)) != base64)
        {
            throw new XdrException(XdrErrorKind.InvalidBase64, name, 0, $"{base64.Length} characters are not canonical base64");
        }

        return FromBytes<T>(bytes.AsSpan(0, length), limits);
    }
}
