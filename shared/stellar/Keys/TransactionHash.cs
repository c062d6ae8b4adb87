using System.Diagnostics.CodeAnalysis;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>
/// The hash that names a transaction on one network, written as 64 lowercase hexadecimal digits. Signatures are not in it, so it is known
/// before anything is signed. The default value names no transaction.
/// </summary>
public readonly record struct TransactionHash : IParsable<TransactionHash>
{
    private readonly XdrBytes _bytes;

    /// <param name="bytes">32 bytes.</param>
    public TransactionHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 32)
        {
            throw new ArgumentException($"A transaction hash has 32 bytes, not {bytes.Length}.", nameof(bytes));
        }

        _bytes = new XdrBytes(bytes);
    }

    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <exception cref="FormatException">Not 64 lowercase hexadecimal digits.</exception>
    public static TransactionHash Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var hash)
        ? hash
        : throw new FormatException($"{StrKey.Quote(s)} is not a transaction hash: it has {s?.Length ?? 0} characters, 64 lowercase hexadecimal digits are right");

    public static bool TryParse([NotNullWhen(true)] string? s, out TransactionHash result) => TryParse(s, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TransactionHash result)
    {
        // One text per hash: it is a key in tables and messages, where letter case would make two of one.
        var isHash = s is { Length: 64 } && !s.AsSpan().ContainsAnyExcept("0123456789abcdef");
        result = isHash ? new TransactionHash(Convert.FromHexString(s!)) : default;
        return isHash;
    }

    public static TransactionHash FromXdr(Hash hash) => new(hash.Value.Span);

    public Hash ToXdr() => new(_bytes);

    public override string ToString() => _bytes.ToString();
}
