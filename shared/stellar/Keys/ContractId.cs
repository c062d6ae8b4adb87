using System.Diagnostics.CodeAnalysis;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>A contract on the ledger: 32 bytes, written C... The default value names no contract.</summary>
public readonly record struct ContractId : IParsable<ContractId>
{
    private readonly XdrBytes _bytes;

    /// <param name="bytes">32 bytes.</param>
    public ContractId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 32)
        {
            throw new ArgumentException($"A contract id has 32 bytes, not {bytes.Length}.", nameof(bytes));
        }

        _bytes = new XdrBytes(bytes);
    }

    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <exception cref="FormatException">Not a contract; the message says why.</exception>
    public static ContractId Parse(string s, IFormatProvider? provider = null) => new(StrKey.Decode(StrKeyKind.Contract, s));

    public static bool TryParse([NotNullWhen(true)] string? s, out ContractId result) => TryParse(s, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ContractId result)
    {
        var isContract = StrKey.TryDecode(s, out var kind, out var payload, out _) && kind == StrKeyKind.Contract;
        result = isContract ? new ContractId(payload) : default;
        return isContract;
    }

    public static ContractId FromXdr(ContractID contract) => new(contract.Value.Value.Span);

    public ContractID ToXdr() => new(new Hash(_bytes));

    public SCAddress ToScAddress() => new SCAddress.Contract(ToXdr());

    public override string ToString() => _bytes.Length == 0 ? "" : StrKey.Encode(StrKeyKind.Contract, _bytes.Span);
}
