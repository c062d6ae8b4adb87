using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.Contracts;

namespace Payouts.Rounds.Tests.Host;

/// <summary>Every field of a body with everything that it is not.</summary>
internal static class Malformed
{
    // Raw JSON, for half of it cannot be made with a serializer.
    public static readonly string[] Values =
    [
        "null", "true", "-1", "1.5", "1e999", "99999999999999999999999999999999999999999999", "\"\"", "\" \"", "\"NaN\"", "\"-1\"", "\"1e5\"", "\"0.00000001\"",
        "\"\\u0000\"", "\"a\\u0000b\"", "\"\\n\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\u202e\"", "{}", "[]", "[null]", "[[]]", "{\"a\":{\"b\":[1]}}",
        $"\"{new string('9', 5000)}\"", $"\"{new string('x', 5000)}\"", $"{new string('[', 200)}{new string(']', 200)}", "NaN", "\"unfinished", "'a'", "01", "",
    ];

    public static JsonObject Node(object body) => JsonSerializer.SerializeToNode(body, ContractsJson.Options)!.AsObject();

    /// <summary>The JSON path of every value in the body, however deep.</summary>
    public static IEnumerable<string> Fields(JsonNode node, string path)
    {
        IEnumerable<(string Path, JsonNode? Value)> inside = node switch
        {
            JsonObject members => members.Select(x => ($"{path}/{x.Key}", x.Value)),
            JsonArray items => items.Select((x, i) => ($"{path}/{i}", x)),
            _ => [],
        };
        return inside.SelectMany(x => (IEnumerable<string>)[x.Path, .. x.Value is null ? [] : Fields(x.Value, x.Path)]);
    }

    /// <summary>The body with this raw text in the field's place; the empty text removes the field.</summary>
    public static string With(JsonObject valid, string field, string raw)
    {
        const string Mark = "\"@@\"";
        var body = valid.DeepClone();
        var names = field[1..].Split('/');
        var at = names[..^1].Aggregate(body, (node, name) => node is JsonArray ? node[int.Parse(name, CultureInfo.InvariantCulture)]! : node[name]!);
        if (at is JsonArray array)
            array[int.Parse(names[^1], CultureInfo.InvariantCulture)] = "@@";
        else if (raw.Length == 0)
            at.AsObject().Remove(names[^1]);
        else
            at[names[^1]] = "@@";
        return body.ToJsonString().Replace(Mark, raw, StringComparison.Ordinal);
    }

    public static string Short(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
