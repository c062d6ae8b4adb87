using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Contracts;

/// <summary>Contract values to and from what C# code works with. Reading returns null for a value of another type.</summary>
public static class ScValues
{
    public static SCVal ToSymbol(this string text) => new SCVal.Symbol(new SCSymbol(new XdrString(text)));

    public static SCVal ToVal(this SCAddress address) => new SCVal.Address(address);

    public static SCVal ToI128(this Int128 amount) => new SCVal.I128(new Int128Parts((long)(amount >> 64), (ulong)(amount & ulong.MaxValue)));

    public static SCVal Vec(params XdrArray<SCVal> items) => new SCVal.Vec(new SCVec(items));

    public static Int128? I128OrNull(this SCVal value) => value is SCVal.I128 { Value: var parts } ? ((Int128)parts.Hi << 64) | parts.Lo : null;

    public static uint? U32OrNull(this SCVal value) => (value as SCVal.U32)?.Value;

    public static string? SymbolOrNull(this SCVal value) => value is SCVal.Symbol symbol && ScVal.IsSymbol(symbol.Value.Value.ToString()) ? symbol.Value.Value.ToString() : null;

    public static SCAddress? AddressOrNull(this SCVal value) => (value as SCVal.Address)?.Value;

    public static bool? BoolOrNull(this SCVal value) => (value as SCVal.Bool)?.Value;

    /// <summary>A map whose keys are symbols, sorted as the host sorts them (by bytes).</summary>
    public static SCVal SymbolMap(params (string Key, SCVal Value)[] fields) => new SCVal.Map(new SCMap(
        fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => new SCMapEntry(field.Key.ToSymbol(), field.Value)).ToXdrArray()));

    public static SCVal? Field(this SCVal map, string key) =>
        (map as SCVal.Map)?.Value?.Value.FirstOrDefault(entry => entry.Key.SymbolOrNull() == key)?.Val;
}
