using System.Text.Json;
using System.Text.Json.Serialization;

namespace Payouts.Contracts;

/// <summary>How every contract looks as JSON: camelCase names, enums by name, absent instead of null, nothing silently dropped.</summary>
public static class ContractsJson
{
    /// <summary>The one set of options that writers and readers of contracts share.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
        };
        return options;
    }
}
