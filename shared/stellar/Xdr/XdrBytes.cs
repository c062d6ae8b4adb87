using System.Diagnostics.CodeAnalysis;

namespace Payouts.Stellar.Xdr;

/// <summary>Immutable bytes that are equal when their content is (XDR opaque). The default value is empty.</summary>
public readonly struct XdrBytes : IEquatable<XdrBytes>
{
    private readonly byte[]? _bytes;

    public XdrBytes(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    private XdrBytes(byte[] owned) => _bytes = owned;

    public static XdrBytes Empty => default;

    public int Length => _bytes?.Length ?? 0;

    public ReadOnlySpan<byte> Span => _bytes;

    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <exception cref="FormatException">Not an even number of hexadecimal digits.</exception>
    public static XdrBytes FromHex(string hex) => new(owned: Convert.FromHexString(hex));

    public static implicit operator XdrBytes(byte[] bytes) => new(bytes.AsSpan());

    public static bool operator ==(XdrBytes left, XdrBytes right) => left.Equals(right);

    public static bool operator !=(XdrBytes left, XdrBytes right) => !left.Equals(right);

    public byte[] ToArray() => Span.ToArray();

    public bool Equals(XdrBytes other) => Span.SequenceEqual(other.Span);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is XdrBytes other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Lowercase hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <summary>Takes the array over without copying; the caller must not keep it.</summary>
    internal static XdrBytes Own(byte[] bytes) => new(owned: bytes);
}
