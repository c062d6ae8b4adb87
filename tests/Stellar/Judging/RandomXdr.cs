using System.Text.Json.Nodes;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Tests.Judging;

/// <summary>
/// Random values of our types. Their bounds (lengths, arms) come from the SDK's schema and not from our code, so a bound that we got wrong
/// shows as a value that we cannot write or they cannot read.
/// </summary>
internal sealed class RandomXdr
{
    private readonly JsonArray _table;
    private readonly Dictionary<string, int> _roots;
    private Random _random = new(0);
    private int _budget;

    public RandomXdr(JsonNode schema)
    {
        _table = schema["types"]!["table"]!.AsArray();
        _roots = schema["types"]!["roots"]!.AsArray().ToDictionary(r => r!["name"]!.GetValue<string>(), r => r!["type"]!.GetValue<int>());
    }

    /// <summary>The types that the SDK knows by name.</summary>
    public IReadOnlyList<Type> Types => [.. XdrTypes.All.Where(t => _roots.ContainsKey(t.Name))];

    /// <summary>The same value for the same seed; at most a few hundred nodes.</summary>
    public IXdrValue Next(Type type, int seed)
    {
        _random = new Random(seed);
        _budget = 300;
        return (IXdrValue)Value(_roots[type.Name], type)!;
    }

    private object? Value(int schema, Type expected)
    {
        var row = _table[schema]!;
        if (XdrTypes.IsTypedef(expected) && (row["kind"]!.GetValue<string>() != "option" || XdrTypes.IsOptional(expected)))
        {
            return XdrTypes.Constructor(expected).Invoke([Value(schema, XdrTypes.Parameters(expected)[0].ParameterType)]);
        }

        _budget--;
        return row["kind"]!.GetValue<string>() switch
        {
            "int32" => (int)Integer(32),
            "uint32" => (uint)Integer(32),
            "int64" => Integer(64),
            "uint64" => (ulong)Integer(64),
            "bool" => _random.Next(2) == 1,
            "enum" => Enum.ToObject(Nullable.GetUnderlyingType(expected) ?? expected, Pick(row["values"]!.AsArray())!.GetValue<int>()),
            "opaque" => Bytes(row["length"]!.GetValue<int>()),
            "varOpaque" => Bytes(Length(row)),
            "string" => new XdrString(Bytes(Length(row))),
            "option" => _budget > 0 && _random.Next(3) > 0 ? Value(row["element"]!.GetValue<int>(), expected) : null,
            "array" => Array(row, _budget > 0 ? (int)Math.Min(_random.Next(4), row["max"]!.GetValue<long>()) : 0, expected),
            "fixedArray" => Array(row, row["length"]!.GetValue<int>(), expected),
            "struct" => Struct(row["fields"]!.AsArray(), expected),
            "union" => Union(row, expected),
            var kind => throw new InvalidOperationException($"no random {kind}"),
        };
    }

    private object Struct(JsonArray fields, Type expected)
    {
        var parameters = XdrTypes.Parameters(expected);
        return parameters.Length == fields.Count
            ? XdrTypes.Constructor(expected).Invoke([.. parameters.Select((p, i) => Value(fields[i]!.GetValue<int>(), p.ParameterType))])
            : throw new InvalidOperationException($"{expected.Name} has {parameters.Length} fields, the SDK's has {fields.Count}");
    }

    private object Union(JsonNode row, Type expected)
    {
        var arms = row["arms"]!.AsArray();
        var arm = _budget > 0 ? Pick(arms) : arms[row["minimal"]!.GetValue<int>()]!;
        var type = XdrTypes.Arms(expected)[arm["value"]!.GetValue<int>()];
        var payload = arm["type"] is { } schema ? [Value(schema.GetValue<int>(), XdrTypes.Parameters(type)[0].ParameterType)] : System.Array.Empty<object?>();
        return XdrTypes.Constructor(type).Invoke(payload);
    }

    private object Array(JsonNode row, int count, Type expected)
    {
        var elementType = expected.GetGenericArguments()[0];
        var items = System.Array.CreateInstance(elementType, count);
        for (var i = 0; i < count; i++)
        {
            items.SetValue(Value(row["element"]!.GetValue<int>(), elementType), i);
        }

        return typeof(XdrArray).GetMethod(nameof(XdrArray.ToXdrArray))!.MakeGenericMethod(elementType).Invoke(null, [items])!;
    }

    private long Integer(int bits)
    {
        long[] edges = bits == 32 ? [0, 1, -1, int.MaxValue, int.MinValue] : [0, 1, -1, long.MaxValue, long.MinValue];
        return _random.Next(4) == 0 ? edges[_random.Next(edges.Length)] : _random.NextInt64(long.MinValue, long.MaxValue) >> (64 - bits);
    }

    private XdrBytes Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return new XdrBytes(bytes);
    }

    private int Length(JsonNode row)
    {
        var cap = (int)Math.Min(row["max"]!.GetValue<long>(), 70);
        return _random.Next(8) == 0 ? cap : _random.Next(Math.Min(cap, 12) + 1);
    }

    private JsonNode Pick(JsonArray from) => from[_random.Next(from.Count)]!;
}
