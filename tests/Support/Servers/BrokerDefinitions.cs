using System.Text.Json.Nodes;

namespace Payouts.Tests.Support;

/// <summary>deploy/rabbitmq/definitions.json: who may do what on an installation's broker.</summary>
/// <param name="Permissions">Rights by user, the administrator's not among them.</param>
/// <param name="Exchanges">The exchanges that everybody finds there, as the broker's management takes them.</param>
/// <param name="Passwords">The passwords of the file, by user.</param>
public sealed record BrokerDefinitions(IReadOnlyDictionary<string, RabbitMqPermissions> Permissions, JsonArray Exchanges, IReadOnlyDictionary<string, string> Passwords)
{
    /// <summary>Where it is, from the root of the repository.</summary>
    public const string Path = "deploy/rabbitmq/definitions.json";

    /// <summary>Names of the exchanges.</summary>
    public IEnumerable<string> ExchangeNames => Exchanges.Select(exchange => (string)exchange!["name"]!);

    /// <summary>Reads the file.</summary>
    public static BrokerDefinitions Load()
    {
        var file = JsonNode.Parse(File.ReadAllText(RepositoryRoot.PathOf(Path)))!;
        return new BrokerDefinitions(
            file["permissions"]!.AsArray().Where(row => (string)row!["user"]! != "admin").ToDictionary(
                row => (string)row!["user"]!, row => new RabbitMqPermissions((string)row!["configure"]!, (string)row["write"]!, (string)row["read"]!), StringComparer.Ordinal),
            file["exchanges"]!.AsArray(),
            file["users"]!.AsArray().ToDictionary(row => (string)row!["name"]!, row => (string)row!["password"]!, StringComparer.Ordinal));
    }
}
