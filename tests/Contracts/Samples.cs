using System.Text.Json;
using System.Text.Json.Nodes;

namespace Payouts.Tests.Contracts;

/// <summary>One message of each contract as it was written once: what is in a queue, an outbox or somebody's code today must stay readable.</summary>
internal static class Samples
{
    public static string Folder => RepositoryRoot.PathOf("tests/Contracts/samples");

    public static JsonObject Read(string contract) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, contract + ".json")))!.AsObject();

    public static object Deserialize(string contract, JsonNode json) => json.Deserialize(ContractTypes.Named(contract), ContractsJson.Options)!;

    /// <summary>As <see cref="Deserialize"/>, from text: what a JsonNode cannot hold.</summary>
    public static object Deserialize(string contract, string json) => JsonSerializer.Deserialize(json, ContractTypes.Named(contract), ContractsJson.Options)!;

    public static JsonNode Serialize(object message) => JsonSerializer.SerializeToNode(message, message.GetType(), ContractsJson.Options)!;
}
