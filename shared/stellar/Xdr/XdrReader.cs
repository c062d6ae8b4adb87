using System.Buffers.Binary;

namespace Payouts.Stellar.Xdr;

/// <summary>
/// Reads XDR (RFC 4506) strictly and without allocating per primitive. A length prefix never causes an allocation larger than the bytes
/// that are really there. After an <see cref="XdrException"/> the reader is spent.
/// </summary>
public ref struct XdrReader
{
    // Arrays grow with what was read: nested prefixes that each promise the whole input must not add up.
    private const int FirstArrayCapacity = 32;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _depthMax;
    private int _offset;
    private int _depth;
    private string _type;

    /// <exception cref="XdrException">More bytes than the limits allow.</exception>
    public XdrReader(ReadOnlySpan<byte> bytes, XdrLimits limits, string typeName)
    {
        _bytes = bytes;
        _depthMax = limits.DepthMax;
        _type = typeName;
        if (bytes.Length > limits.BytesMax)
        {
            throw Error(XdrErrorKind.SizeExceeded, $"{bytes.Length} bytes, at most {limits.BytesMax} are read");
        }
    }

    /// <summary>Bytes read so far.</summary>
    public readonly int Offset => _offset;

    private readonly int Remaining => _bytes.Length - _offset;

    /// <summary>Goes one level deeper into <paramref name="typeName"/>; hand the result back to <see cref="Leave"/>.</summary>
    public string Enter(string typeName)
    {
        var outer = _type;
        _type = typeName;
        if (++_depth > _depthMax)
        {
            throw TooDeep();
        }

        return outer;
    }

    public void Leave(string outer)
    {
        _type = outer;
        _depth--;
    }

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public bool ReadBool()
    {
        var value = ReadUInt32();
        return value switch
        {
            0 => false,
            1 => true,
            _ => throw NoBool(value),
        };
    }

    public XdrBytes ReadFixedOpaque(int length)
    {
        var bytes = Take(length).ToArray();
        SkipPadding(length);
        return XdrBytes.Own(bytes);
    }

    public XdrBytes ReadVarOpaque(uint lengthMax) => ReadFixedOpaque(ReadLength(lengthMax, bytesPerElement: 1));

    public XdrString ReadString(uint lengthMax) => new(ReadVarOpaque(lengthMax));

    public XdrArray<T> ReadArray<T>(uint countMax)
        where T : IXdr<T> => ReadElements<T>(ReadLength(countMax, bytesPerElement: 4));

    public XdrArray<T> ReadFixedArray<T>(int count)
        where T : IXdr<T> => ReadElements<T>(count);

    public XdrArray<uint> ReadUInt32Array(uint countMax)
    {
        var items = new uint[ReadLength(countMax, bytesPerElement: 4)];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = ReadUInt32();
        }

        return new XdrArray<uint>(items);
    }

    public XdrArray<long> ReadInt64Array(uint countMax)
    {
        var items = new long[ReadLength(countMax, bytesPerElement: 8)];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = ReadInt64();
        }

        return new XdrArray<long>(items);
    }

    public XdrArray<ulong> ReadUInt64Array(uint countMax)
    {
        var items = new ulong[ReadLength(countMax, bytesPerElement: 8)];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = ReadUInt64();
        }

        return new XdrArray<ulong>(items);
    }

    /// <exception cref="XdrException">Bytes are left.</exception>
    public readonly void RequireEnd()
    {
        if (Remaining != 0)
        {
            throw Error(XdrErrorKind.TrailingBytes, $"{Remaining} bytes are left after the value");
        }
    }

    /// <summary>The error for an integer that <paramref name="enumName"/> does not define, just read.</summary>
    public readonly XdrException UnknownEnumValue(string enumName, int value) =>
        new(XdrErrorKind.UnknownEnumValue, _type, _offset - 4, $"{enumName} does not define {value}");

    /// <summary>The error for a discriminant that <paramref name="unionName"/> has no arm for, just read.</summary>
    public readonly XdrException UnknownUnionArm(string unionName, int discriminant) =>
        new(XdrErrorKind.UnknownUnionArm, _type, _offset - 4, $"{unionName} has no arm for {discriminant}");

    private XdrArray<T> ReadElements<T>(int count)
        where T : IXdr<T>
    {
        if (count == 0)
        {
            return XdrArray<T>.Empty;
        }

        var items = new T[Math.Min(count, FirstArrayCapacity)];
        for (var i = 0; i < count; i++)
        {
            if (i == items.Length)
            {
                Array.Resize(ref items, Math.Min(count, items.Length * 2));
            }

            items[i] = T.Read(ref this);
        }

        return new XdrArray<T>(items);
    }

    private int ReadLength(uint lengthMax, int bytesPerElement)
    {
        var length = ReadUInt32();
        if (length > lengthMax)
        {
            throw Error(XdrErrorKind.OverLength, $"length {length}, at most {lengthMax} allowed", back: 4);
        }

        // Every XDR element takes at least four bytes, every opaque byte one: a longer promise cannot be kept.
        if ((long)length * bytesPerElement > Remaining)
        {
            throw Error(XdrErrorKind.Truncated, $"length {length} needs at least {(long)length * bytesPerElement} bytes, {Remaining} are left");
        }

        return (int)length;
    }

    private void SkipPadding(int length)
    {
        if ((length & 3) == 0)
        {
            return;
        }

        foreach (var padding in Take(-length & 3))
        {
            if (padding != 0)
            {
                throw Error(XdrErrorKind.NonZeroPadding, "padding bytes must be zero", back: -length & 3);
            }
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
        {
            throw TooShort(count);
        }

        var span = _bytes.Slice(_offset, count);
        _offset += count;
        return span;
    }

    // The texts of the errors are put together outside of the methods that every primitive passes, so that those stay small enough to be inlined.
    private readonly XdrException TooDeep() => Error(XdrErrorKind.DepthExceeded, $"nested deeper than {_depthMax} levels");

    private readonly XdrException TooShort(int count) => Error(XdrErrorKind.Truncated, $"{count} bytes needed, {Remaining} are left");

    private readonly XdrException NoBool(uint value) => Error(XdrErrorKind.InvalidBool, $"a boolean is 0 or 1, not {value}", back: 4);

    private readonly XdrException Error(XdrErrorKind kind, string detail, int back = 0) => new(kind, _type, _offset - back, detail);
}
