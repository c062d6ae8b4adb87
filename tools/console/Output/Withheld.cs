using System.Text.Json;
using System.Text.Json.Nodes;

namespace Payouts.OperatorConsole.Output;

/// <summary>Takes envelopes and signatures out of what is printed: nobody who reads a screen or a log of this console needs to be able to submit one.</summary>
internal static class Withheld
{
    /// <summary>What stands instead.</summary>
    public const string Instead = "(not shown)";

    /// <summary>A copy without them.</summary>
    public static JsonNode? Copy(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(x => KeyValuePair.Create(x.Key, IsSecret(x.Key, x.Value) ? JsonValue.Create(Instead) : Copy(x.Value)))),
        JsonArray elements => new JsonArray([.. elements.Select(Copy)]),
        _ => node?.DeepClone(),
    };

    // "signers" and "signedAt" are facts, "signature" and "signedXdr" are what they speak of.
    private static bool IsSecret(string name, JsonNode? value) => value is JsonValue text && text.GetValueKind() == JsonValueKind.String
        && (name.EndsWith("xdr", StringComparison.OrdinalIgnoreCase) || name.EndsWith("signature", StringComparison.OrdinalIgnoreCase));
}
