using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>Contract values from C# values. The way back is in <see cref="ScValReading"/>.</summary>
public static class ScVal
{
    private const int SymbolLengthMax = 32;

    public static SCVal Void { get; } = new SCVal.Void();

    public static SCVal Bool(bool value) => new SCVal.Bool(value);

    public static SCVal U32(uint value) => new SCVal.U32(value);

    public static SCVal U64(ulong value) => new SCVal.U64(value);

    public static SCVal I128(Int128 value) => new SCVal.I128(new Int128Parts((long)(value >> 64), (ulong)value));

    public static SCVal Address(Address address) => new SCVal.Address(address.ToXdr());

    public static SCVal Bytes(ReadOnlySpan<byte> value) => new SCVal.Bytes(new SCBytes(new XdrBytes(value)));

    public static SCVal String(string value) => new SCVal.String(new SCString(value));

    /// <exception cref="ScValException">Not 1 to 32 of a-z, A-Z, 0-9 and _.</exception>
    public static SCVal Symbol(string value) => IsSymbol(value)
        ? new SCVal.Symbol(new SCSymbol(value))
        : throw new ScValException($"'{value}' is not a symbol: at most {SymbolLengthMax} of a-z, A-Z, 0-9 and _ are right");

    public static SCVal Vec(params IEnumerable<SCVal> items) => new SCVal.Vec(new SCVec(items.ToXdrArray()));

    /// <summary>A map whose keys are symbols, in the order of the keys that the host demands.</summary>
    public static SCVal Map(params IEnumerable<(string Key, SCVal Value)> entries) => new SCVal.Map(new SCMap(entries
        .OrderBy(e => e.Key, StringComparer.Ordinal)
        .Select(e => new SCMapEntry(Symbol(e.Key), e.Value))
        .ToXdrArray()));

    /// <summary>Whether a contract could use this text as a symbol (it may be empty).</summary>
    public static bool IsSymbol(string value) => value.Length <= SymbolLengthMax && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}

/// <summary>A contract value is not of the type that the caller needs.</summary>
public sealed class ScValException(string message) : Exception(message);

/// <summary>C# values from contract values; a value of another type is refused by name.</summary>
public static class ScValReading
{
    public static bool AsBool(this SCVal value) => value is SCVal.Bool v ? v.Value : throw Wrong(value, "bool");

    public static uint AsU32(this SCVal value) => value is SCVal.U32 v ? v.Value : throw Wrong(value, "u32");

    public static ulong AsU64(this SCVal value) => value is SCVal.U64 v ? v.Value : throw Wrong(value, "u64");

    public static Int128 AsI128(this SCVal value) => value is SCVal.I128 v ? new Int128((ulong)v.Value.Hi, v.Value.Lo) : throw Wrong(value, "i128");

    public static string AsSymbol(this SCVal value) => value is SCVal.Symbol v && v.Value.Value.TryGetText(out var text) ? text : throw Wrong(value, "symbol");

    public static string AsString(this SCVal value) => value is SCVal.String v && v.Value.Value.TryGetText(out var text) ? text : throw Wrong(value, "string");

    public static XdrBytes AsBytes(this SCVal value) => value is SCVal.Bytes v ? v.Value.Value : throw Wrong(value, "bytes");

    /// <exception cref="ScValException">Not an address, or one that is neither an account nor a contract.</exception>
    public static Address AsAddress(this SCVal value) => value is SCVal.Address v
        ? Address.TryFromXdr(v.Value) ?? throw new ScValException($"an account or a contract was expected, not an address of kind {v.Value.Discriminant}")
        : throw Wrong(value, "address");

    public static IReadOnlyList<SCVal> AsVec(this SCVal value) => value is SCVal.Vec { Value: { } v } ? v.Value : throw Wrong(value, "vec");

    /// <summary>The entries of a map whose keys are symbols.</summary>
    public static IReadOnlyDictionary<string, SCVal> AsSymbolMap(this SCVal value)
    {
        var map = value is SCVal.Map { Value: { } v } ? v.Value : throw Wrong(value, "map");
        var entries = new Dictionary<string, SCVal>(StringComparer.Ordinal);
        foreach (var entry in map)
        {
            if (!entries.TryAdd(entry.Key.AsSymbol(), entry.Val))
            {
                throw new ScValException($"the map has the key '{entry.Key.AsSymbol()}' twice");
            }
        }

        return entries;
    }

    private static ScValException Wrong(SCVal value, string expected) => new($"a value of type {expected} was expected, not {value.Discriminant}");
}
