using System.Text.Json;
using System.Text.Json.Nodes;

namespace Payouts.OperatorConsole.Output;

/// <summary>Reads what services answered, by a path such as "round.state": the console shows what is there and demands nothing.</summary>
internal static class JsonReading
{
    /// <summary>The member; null when it is not there.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var member in path.Split('.'))
            node = (node as JsonObject)?[member];
        return node;
    }

    /// <summary>As it is shown: texts plain, yes or no, numbers as they were written; empty when it is not there.</summary>
    public static string Text(this JsonNode? node, string path) => node.At(path) switch
    {
        null => "",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Plain.Line(value.GetValue<string>()),
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>() ? "yes" : "no",
        var other => Plain.Line(other.ToJsonString()),
    };

    /// <summary>The text as it came, to be sent back or compared; null when it is not there.</summary>
    public static string? Raw(this JsonNode? node, string path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>True only when it says so.</summary>
    public static bool Flag(this JsonNode? node, string path) => node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>A whole number; 0 when it is not there.</summary>
    public static long Number(this JsonNode? node, string path) => node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number) ? number : 0;

    /// <summary>The elements; none when it is no array.</summary>
    public static IReadOnlyList<JsonNode> List(this JsonNode? node, string path) => node.At(path).Elements();

    /// <summary>The elements of an array; none when it is none.</summary>
    public static IReadOnlyList<JsonNode> Elements(this JsonNode? node) => node is JsonArray array ? [.. array.OfType<JsonNode>()] : [];
}
