using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Payouts.Stellar.Xdr;

/// <summary>
/// An XDR string: immutable bytes, equal when their content is. The ledger does not promise UTF-8 (a memo text may hold any bytes), so the
/// bytes are the value and text is only a view of it. The default value is empty.
/// </summary>
public readonly struct XdrString : IEquatable<XdrString>
{
    private readonly XdrBytes _bytes;

    public XdrString(XdrBytes bytes) => _bytes = bytes;

    public XdrString(string text) => _bytes = XdrBytes.Own(Encoding.UTF8.GetBytes(text));

    public int Length => _bytes.Length;

    public ReadOnlySpan<byte> Span => _bytes.Span;

    public static implicit operator XdrString(string text) => new(text);

    public static bool operator ==(XdrString left, XdrString right) => left.Equals(right);

    public static bool operator !=(XdrString left, XdrString right) => !left.Equals(right);

    public bool Equals(XdrString other) => _bytes.Equals(other._bytes);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is XdrString other && Equals(other);

    public override int GetHashCode() => _bytes.GetHashCode();

    /// <summary>The text, when the bytes are valid UTF-8.</summary>
    public bool TryGetText([NotNullWhen(true)] out string? text)
    {
        text = System.Text.Unicode.Utf8.IsValid(Span) ? Encoding.UTF8.GetString(Span) : null;
        return text is not null;
    }

    /// <summary>The text, or for other bytes 0x and their hexadecimal digits.</summary>
    public override string ToString() => TryGetText(out var text) ? text : $"0x{_bytes}";
}
