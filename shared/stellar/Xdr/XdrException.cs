namespace Payouts.Stellar.Xdr;

/// <summary>What made bytes unreadable as XDR, or a value unwritable. A closed set: the decoder fails in no other way.</summary>
public enum XdrErrorKind
{
    /// <summary>The bytes end before the value does.</summary>
    Truncated,

    /// <summary>Bytes are left after the value.</summary>
    TrailingBytes,

    /// <summary>The bytes that fill an opaque or string up to a multiple of four are not zero.</summary>
    NonZeroPadding,

    /// <summary>A string, opaque or array is longer than its type allows.</summary>
    OverLength,

    /// <summary>A fixed-length opaque or array holds another number of elements (only when writing).</summary>
    WrongLength,

    /// <summary>An integer that its enum does not define.</summary>
    UnknownEnumValue,

    /// <summary>A discriminant that its union has no arm for.</summary>
    UnknownUnionArm,

    /// <summary>A boolean other than 0 or 1.</summary>
    InvalidBool,

    /// <summary>Nested deeper than <see cref="XdrLimits.DepthMax"/>.</summary>
    DepthExceeded,

    /// <summary>Larger than <see cref="XdrLimits.BytesMax"/>.</summary>
    SizeExceeded,

    /// <summary>The text is not canonical base64.</summary>
    InvalidBase64,
}

/// <summary>The one exception of the XDR codec. It names the type, the place and the rule, never the bytes themselves.</summary>
public sealed class XdrException(XdrErrorKind kind, string typeName, int offset, string detail)
    : Exception($"XDR {typeName}, byte {offset}: {detail}")
{
    public XdrErrorKind Kind { get; } = kind;

    /// <summary>The innermost XDR type being read or written.</summary>
    public string TypeName { get; } = typeName;

    /// <summary>Bytes from the start of the value.</summary>
    public int Offset { get; } = offset;
}
