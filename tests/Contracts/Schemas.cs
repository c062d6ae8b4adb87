using System.Collections.Frozen;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Payouts.Tests.Contracts;

/// <summary>JSON Schemas of the contracts, made from the records and their comments.</summary>
internal static class Schemas
{
    /// <summary>Decimal text, never negative: what 31 whole digits and 7 decimals hold.</summary>
    public const string AmountPattern = @"^[0-9]{1,31}(\.[0-9]{1,7})?$";

    /// <summary>Amounts that foreign hands write: text in the contract, so that the rounds service can refuse them with a reason.</summary>
    public static readonly FrozenSet<(string Contract, string Member)> AmountTexts = new[]
    {
        (nameof(RoundEntry), nameof(RoundEntry.Stake)), (nameof(RoundWinner), nameof(RoundWinner.Amount)), (nameof(GameRoundDrawn), nameof(GameRoundDrawn.Yield)),
        (nameof(DirectPayoutRequested), nameof(DirectPayoutRequested.Amount)),
    }.ToFrozenSet();

    private static readonly JsonSerializerOptions Contracts = new(ContractsJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Folder => RepositoryRoot.PathOf("docs/schemas");

    public static string TextOf(Type contract) => Of(contract).ToJsonString(Indented) + "\n";

    private static JsonObject Of(Type contract)
    {
        var body = Contracts.GetJsonSchemaAsNode(contract, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform }).AsObject();
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = $"{contract.Namespace}:{contract.Name}",
            ["description"] = Comments.Of(contract),
        };
        foreach (var (name, value) in body)
        {
            schema[name] = value?.DeepClone();
        }

        return schema;
    }

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var property = context.PropertyInfo?.AttributeProvider as PropertyInfo;
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var schema = new JsonObject();
        if (property is not null)
        {
            schema["description"] = Comments.Of(property);
        }

        foreach (var (name, value) in Known(type, property) ?? node.AsObject())
        {
            schema[name] = value?.DeepClone();
        }

        return schema;
    }

    private static JsonObject? Known(Type type, PropertyInfo? property)
    {
        var mayBeNull = property is not null && !ContractTypes.IsRequired(property);
        if (type == typeof(Stroops))
        {
            return new JsonObject { ["type"] = "string", ["pattern"] = AmountPattern };
        }

        if (property is not null && AmountTexts.Contains((property.DeclaringType!.Name, property.Name)))
        {
            return new JsonObject { ["type"] = Type("string", mayBeNull), ["pattern"] = AmountPattern };
        }

        if (type == typeof(PayoutId))
        {
            return new JsonObject { ["type"] = "string", ["format"] = "uuid" };
        }

        return WholeNumber(type, mayBeNull) ?? EnumOf(type, mayBeNull);
    }

    private static JsonObject? WholeNumber(Type type, bool mayBeNull) =>
        type == typeof(uint) ? new JsonObject { ["type"] = Type("integer", mayBeNull), ["minimum"] = uint.MinValue, ["maximum"] = uint.MaxValue }
        : type == typeof(int) ? new JsonObject { ["type"] = Type("integer", mayBeNull), ["format"] = "int32" }
        : type == typeof(long) ? new JsonObject { ["type"] = Type("integer", mayBeNull), ["format"] = "int64" }
        : null;

    private static JsonObject? EnumOf(Type type, bool mayBeNull) => type.IsEnum
        ? new JsonObject { ["type"] = Type("string", mayBeNull), ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => JsonValue.Create(name))]) }
        : null;

    private static JsonNode Type(string name, bool mayBeNull) => mayBeNull ? new JsonArray(name, "null") : JsonValue.Create(name);
}
