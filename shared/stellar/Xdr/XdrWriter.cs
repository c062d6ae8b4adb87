using System.Buffers.Binary;

namespace Payouts.Stellar.Xdr;

/// <summary>
/// Writes XDR (RFC 4506) into a growing buffer. It refuses whatever the reader would refuse, so everything written can be read back.
/// The buffer is not pooled: it may hold signatures, which must not linger in a shared array.
/// </summary>
/// <param name="first">The buffer to begin with, usually on the stack; a larger one takes its place when it is full.</param>
public ref struct XdrWriter(XdrLimits limits, Span<byte> first)
{
    private Span<byte> _buffer = first;
    private int _length;
    private int _depth;
    private string _type = "value";

    /// <summary>What was written so far; the next write may move it.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    /// <summary>Goes one level deeper into <paramref name="typeName"/>; hand the result back to <see cref="Leave"/>.</summary>
    public string Enter(string typeName)
    {
        var outer = _type;
        _type = typeName;
        if (++_depth > limits.DepthMax)
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

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(4), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(8), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(8), value);

    public void WriteBool(bool value) => WriteUInt32(value ? 1u : 0u);

    public void WriteFixedOpaque(XdrBytes value, int length)
    {
        RequireLength(value.Length, length, "bytes");
        WritePadded(value.Span);
    }

    public void WriteVarOpaque(XdrBytes value, uint lengthMax)
    {
        WriteLength(value.Length, lengthMax);
        WritePadded(value.Span);
    }

    public void WriteString(XdrString value, uint lengthMax)
    {
        WriteLength(value.Length, lengthMax);
        WritePadded(value.Span);
    }

    public void WriteArray<T>(XdrArray<T> items, uint countMax)
        where T : IXdrValue
    {
        WriteLength(items.Count, countMax);
        WriteElements(items);
    }

    public void WriteFixedArray<T>(XdrArray<T> items, int count)
        where T : IXdrValue
    {
        RequireLength(items.Count, count, "elements");
        WriteElements(items);
    }

    public void WriteUInt32Array(XdrArray<uint> items, uint countMax)
    {
        WriteLength(items.Count, countMax);
        foreach (var item in items.Span)
        {
            WriteUInt32(item);
        }
    }

    public void WriteInt64Array(XdrArray<long> items, uint countMax)
    {
        WriteLength(items.Count, countMax);
        foreach (var item in items.Span)
        {
            WriteInt64(item);
        }
    }

    public void WriteUInt64Array(XdrArray<ulong> items, uint countMax)
    {
        WriteLength(items.Count, countMax);
        foreach (var item in items.Span)
        {
            WriteUInt64(item);
        }
    }

    /// <summary>The error for a value that <paramref name="enumName"/> does not define.</summary>
    public readonly XdrException UnknownEnumValue(string enumName, int value) =>
        Error(XdrErrorKind.UnknownEnumValue, $"{enumName} does not define {value}");

    private void WriteElements<T>(XdrArray<T> items)
        where T : IXdrValue
    {
        foreach (var item in items.Span)
        {
            item.Write(ref this);
        }
    }

    private void WriteLength(int length, uint lengthMax)
    {
        if ((uint)length > lengthMax)
        {
            throw TooLong(length, lengthMax);
        }

        WriteUInt32((uint)length);
    }

    private readonly void RequireLength(int actual, int expected, string unit)
    {
        if (actual != expected)
        {
            throw OtherLength(actual, expected, unit);
        }
    }

    private void WritePadded(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Reserve(-bytes.Length & 3).Clear();
    }

    private Span<byte> Reserve(int count)
    {
        if (count > limits.BytesMax - _length)
        {
            throw TooLarge();
        }

        if (_length + count > _buffer.Length)
        {
            Grow(count);
        }

        var span = _buffer.Slice(_length, count);
        _length += count;
        return span;
    }

    private void Grow(int count)
    {
        var larger = new byte[Math.Max(_buffer.Length * 2, _length + count)];
        Written.CopyTo(larger);
        _buffer = larger;
    }

    // The texts of the errors are put together outside of the methods that every primitive passes, so that those stay small enough to be inlined.
    private readonly XdrException TooDeep() => Error(XdrErrorKind.DepthExceeded, $"nested deeper than {limits.DepthMax} levels");

    private readonly XdrException TooLarge() => Error(XdrErrorKind.SizeExceeded, $"larger than {limits.BytesMax} bytes");

    private readonly XdrException TooLong(int length, uint lengthMax) => Error(XdrErrorKind.OverLength, $"length {length}, at most {lengthMax} allowed");

    private readonly XdrException OtherLength(int actual, int expected, string unit) =>
        Error(XdrErrorKind.WrongLength, $"{actual} {unit}, exactly {expected} required");

    private readonly XdrException Error(XdrErrorKind kind, string detail) => new(kind, _type, _length, detail);
}
