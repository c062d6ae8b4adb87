using System.Text.Json;

namespace Payouts.Devnet.Rpc;

/// <summary>By-name parameters of one call. A wrong type is the client's fault and is answered -32602.</summary>
public readonly struct RpcParams(JsonElement element)
{
    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Invalid(name, "string"),
    };

    public long? Number(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) => number,
        _ => throw Invalid(name, "whole number"),
    };

    /// <summary>A ledger sequence: 0 to 2^32 - 1.</summary>
    public uint? Ledger(string name) => Number(name) switch
    {
        null => null,
        >= 0 and <= uint.MaxValue and var ledger => (uint)ledger,
        _ => throw Invalid(name, "ledger sequence"),
    };

    public bool Flag(string name) => Find(name) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Invalid(name, "boolean"),
    };

    public IReadOnlyList<string> Texts(string name)
    {
        var texts = new List<string>();
        foreach (var item in Items(name))
        {
            texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Invalid(name, "list of strings"));
        }

        return texts;
    }

    public IReadOnlyList<RpcParams> Objects(string name)
    {
        var objects = new List<RpcParams>();
        foreach (var item in Items(name))
        {
            objects.Add(item.ValueKind == JsonValueKind.Object ? new RpcParams(item) : throw Invalid(name, "list of objects"));
        }

        return objects;
    }

    /// <summary>Lists of lists of strings: the topic filters of getEvents.</summary>
    public IReadOnlyList<IReadOnlyList<string>> TextLists(string name)
    {
        var lists = new List<IReadOnlyList<string>>();
        foreach (var item in Items(name))
        {
            if (item.ValueKind != JsonValueKind.Array || item.EnumerateArray().Any(text => text.ValueKind != JsonValueKind.String))
            {
                throw Invalid(name, "list of lists of strings");
            }

            lists.Add([.. item.EnumerateArray().Select(text => text.GetString()!)]);
        }

        return lists;
    }

    public RpcParams Object(string name) => Find(name) switch
    {
        null => default,
        { ValueKind: JsonValueKind.Object } value => new RpcParams(value),
        _ => throw Invalid(name, "object"),
    };

    /// <summary>Base64 is the only encoding served; JSON-encoded XDR ("json") is refused by name rather than answered wrongly.</summary>
    public void RequireBase64Format()
    {
        var format = Text("xdrFormat");
        if (format is not (null or "" or "base64"))
        {
            throw RpcException.Params($"xdrFormat \"{format}\" is not supported: use base64");
        }
    }

    private IEnumerable<JsonElement> Items(string name) => Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } value => value.EnumerateArray(),
        _ => throw Invalid(name, "list"),
    };

    private JsonElement? Find(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static RpcException Invalid(string name, string expected) => RpcException.Params($"invalid parameters: {name} must be a {expected}");
}
