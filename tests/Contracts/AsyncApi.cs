using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Payouts.Tests.Contracts;

/// <summary>
/// docs/asyncapi.json: what other teams say and hear over RabbitMQ, as an AsyncAPI 3.0 document. Who may do what is read from the broker's own definitions, so that the
/// document promises nothing that the broker refuses; payloads are the committed schemas.
/// </summary>
internal static partial class AsyncApi
{
    /// <summary>The broker's users that are other teams' programs.</summary>
    public static readonly IReadOnlyList<(string User, string Who)> Teams = [("game", "a game backend"), ("kms", "the KMS team's signer")];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Path => RepositoryRoot.PathOf("docs/asyncapi.json");

    public static string Text() => Document().ToJsonString(Indented) + "\n";

    /// <summary>Contracts that the user may publish to, and hear.</summary>
    public static (IReadOnlyList<string> Says, IReadOnlyList<string> Hears) RightsOf(string user)
    {
        var definitions = JsonNode.Parse(File.ReadAllText(RepositoryRoot.PathOf("deploy/rabbitmq/definitions.json")))!;
        var rights = definitions["permissions"]!.AsArray().Single(x => x!["user"]!.GetValue<string>() == user)!;
        return (ContractsIn(rights["write"]!.GetValue<string>()), ContractsIn(rights["read"]!.GetValue<string>()));
    }

    private static IReadOnlyList<string> ContractsIn(string right) =>
        [.. ContractNames().Match(right).Groups["names"].Value.Split('|', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private static JsonObject Document()
    {
        var teams = Teams.Select(team => (team.User, team.Who, Rights: RightsOf(team.User))).ToList();
        var contracts = teams.SelectMany(x => x.Rights.Says.Concat(x.Rights.Hears)).Distinct().Order(StringComparer.Ordinal).ToList();
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Payout suite",
                ["version"] = "1",
                ["description"] = "What a game backend and a KMS signer say and hear over RabbitMQ. Operations are those of the suite: it receives what they say and sends what they hear. Guides: events.md and signing.md; rights: security.md.",
            },
            ["defaultContentType"] = "application/json",
            ["servers"] = new JsonObject { ["rabbitmq"] = new JsonObject { ["host"] = "rabbitmq:5672", ["protocol"] = "amqp", ["description"] = "Each program with a user of its own; amqps where the broker is behind TLS." } },
            ["channels"] = Named(contracts, Channel),
            ["operations"] = Operations(teams),
            ["components"] = new JsonObject { ["messages"] = Named(contracts, Message) },
        };
    }

    private static JsonObject Named(IEnumerable<string> names, Func<string, JsonObject> make) => new(names.Select(name => KeyValuePair.Create<string, JsonNode?>(name, make(name))));

    private static JsonObject Channel(string contract) => new()
    {
        ["address"] = $"Payouts.Contracts:{contract}",
        ["messages"] = new JsonObject { [contract] = Ref($"#/components/messages/{contract}") },
        ["bindings"] = new JsonObject
        {
            ["amqp"] = new JsonObject
            {
                ["is"] = "routingKey",
                ["exchange"] = new JsonObject { ["name"] = $"Payouts.Contracts:{contract}", ["type"] = "fanout", ["durable"] = true, ["autoDelete"] = false },
                ["bindingVersion"] = "0.3.0",
            },
        },
    };

    private static JsonObject Message(string contract) => new()
    {
        ["name"] = contract,
        ["summary"] = Comments.Of(ContractTypes.Named(contract)),
        ["contentType"] = "application/json",
        ["headers"] = new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("message_id"),
            ["properties"] = new JsonObject
            {
                ["message_id"] = new JsonObject { ["type"] = "string", ["format"] = "uuid", ["description"] = "The AMQP property. The same message sent again keeps it, so that the repeat is recognised." },
            },
        },
        ["payload"] = new JsonObject { ["schemaFormat"] = "application/schema+json;version=draft-2020-12", ["schema"] = Ref($"./schemas/{contract}.json") },
    };

    private static JsonObject Operations(IEnumerable<(string User, string Who, (IReadOnlyList<string> Says, IReadOnlyList<string> Hears) Rights)> teams)
    {
        var operations = new JsonObject();
        foreach (var (user, who, rights) in teams)
        {
            foreach (var contract in rights.Says)
                operations[$"{user}-says-{contract}"] = Operation("receive", contract, $"Published by {who}, as the broker's user {user}.");
            foreach (var contract in rights.Hears)
                operations[$"{user}-hears-{contract}"] = Operation("send", contract, $"Heard by {who} on a queue {user}.* of its own.");
        }

        return operations;
    }

    private static JsonObject Operation(string action, string contract, string summary) => new()
    {
        ["action"] = action,
        ["channel"] = Ref($"#/channels/{contract}"),
        ["summary"] = summary,
        ["messages"] = new JsonArray(Ref($"#/channels/{contract}/messages/{contract}")),
    };

    private static JsonObject Ref(string to) => new() { ["$ref"] = to };

    [GeneratedRegex(@"Payouts\\\.Contracts:\((?<names>[A-Za-z|]+)\)")]
    private static partial Regex ContractNames();
}
