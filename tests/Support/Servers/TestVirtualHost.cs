using System.Text.Json.Nodes;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Payouts.Tests.Support;

/// <summary>One virtual host of a test's own: its queues, users and connections.</summary>
public sealed class TestVirtualHost
{
    private readonly RabbitMqServer _server;
    private readonly RabbitMqAddress _address;
    private readonly RabbitMqManagement _management;

    internal TestVirtualHost(RabbitMqServer server, RabbitMqAddress address, RabbitMqManagement management, string name) =>
        (_server, _address, _management, Name) = (server, address, management, name);

    /// <summary>Name of the virtual host, and of the user who owns it.</summary>
    public string Name { get; }

    /// <summary>As in RABBITMQ_URL: amqp://user:password@host:port/vhost</summary>
    public string Url => _address.UrlOf(Name, Name, Name);

    private string Escaped => Uri.EscapeDataString(Name);

    /// <summary>The same virtual host through another port, e.g. that of a <see cref="TcpProxy"/>.</summary>
    public TestVirtualHost Through(int port, string host = "127.0.0.1") => new(_server, _address with { Host = host, Port = port }, _management, Name);

    /// <summary>Adds a user and returns the URL to connect with as that user.</summary>
    public async Task<string> CreateUserAsync(
        string user, string password, RabbitMqPermissions permissions, CancellationToken cancellationToken = default)
    {
        await _server.CreateUserAsync(Name, user, password, permissions, cancellationToken);
        return _address.UrlOf(Name, user, password);
    }

    /// <summary>
    /// Gives it the users, rights and exchanges that an installation's broker has; returns the URL of each user. Users are the whole
    /// broker's, so each has the virtual host's name before its own.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> DefineAsync(BrokerDefinitions definitions, CancellationToken cancellationToken = default)
    {
        await _management.PostAsync($"api/definitions/{Escaped}", new { exchanges = definitions.Exchanges }, cancellationToken);
        var urls = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (user, permissions) in definitions.Permissions)
            urls[user] = await CreateUserAsync($"{Name}.{user}", $"password-of-{user}-in-{Name}", permissions, cancellationToken);
        return urls;
    }

    /// <summary>Names of its exchanges but the broker's own, in order.</summary>
    public async Task<IReadOnlyList<string>> ListExchangesAsync(CancellationToken cancellationToken = default)
    {
        var exchanges = await _management.GetAsync($"api/exchanges/{Escaped}?columns=name", cancellationToken);
        return [.. (exchanges?.AsArray() ?? []).Select(exchange => (string)exchange!["name"]!)
            .Where(name => name.Length > 0 && !name.StartsWith("amq.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Its bindings from exchange to queue or exchange.</summary>
    public async Task<IReadOnlyList<(string Source, string Destination)>> ListBindingsAsync(CancellationToken cancellationToken = default)
    {
        var bindings = await _management.GetAsync($"api/bindings/{Escaped}?columns=source,destination", cancellationToken);
        return [.. (bindings?.AsArray() ?? []).Select(binding => ((string)binding!["source"]!, (string)binding["destination"]!)).Where(binding => binding.Item1.Length > 0)];
    }

    /// <summary>Connects as the owner.</summary>
    public Task<IConnection> ConnectAsync(CancellationToken cancellationToken = default) =>
        new ConnectionFactory { Uri = new Uri(Url), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(cancellationToken);

    /// <summary>Names of its queues, in order.</summary>
    public async Task<IReadOnlyList<string>> ListQueuesAsync(CancellationToken cancellationToken = default)
    {
        var queues = await _management.GetAsync($"api/queues/{Escaped}?columns=name", cancellationToken);
        return [.. (queues?.AsArray() ?? []).Select(queue => (string)queue!["name"]!).Order(StringComparer.Ordinal)];
    }

    /// <summary>How a queue was declared; null when there is none.</summary>
    public async Task<QueueDeclaration?> ReadQueueAsync(string queue, CancellationToken cancellationToken = default)
    {
        var answer = await _management.GetAsync($"api/queues/{Escaped}/{Uri.EscapeDataString(queue)}", cancellationToken);
        if (answer is null)
        {
            return null;
        }

        var arguments = (answer["arguments"] as JsonObject ?? []).ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "", StringComparer.Ordinal);
        return new QueueDeclaration(queue, arguments.GetValueOrDefault("x-queue-type", "classic"), (bool)answer["durable"]!, (bool)answer["auto_delete"]!, arguments);
    }

    /// <summary>Messages in a queue that wait for a consumer, as the broker counts them right now; those being handled are not among them.</summary>
    /// <exception cref="OperationInterruptedException">There is no such queue.</exception>
    public async Task<uint> CountReadyAsync(string queue, CancellationToken cancellationToken = default) =>
        (await DeclarePassiveAsync(queue, cancellationToken)).MessageCount;

    /// <summary>Consumers of a queue right now.</summary>
    /// <exception cref="OperationInterruptedException">There is no such queue.</exception>
    public async Task<uint> CountConsumersAsync(string queue, CancellationToken cancellationToken = default) =>
        (await DeclarePassiveAsync(queue, cancellationToken)).ConsumerCount;

    /// <summary>
    /// Messages in a queue, ready or being handled, from the broker's statistics: they lag by some seconds, so wait for a value
    /// with a probe and do not conclude from a single read.
    /// </summary>
    public async Task<long> CountAllAsync(string queue, CancellationToken cancellationToken = default)
    {
        var answer = await _management.GetAsync($"api/queues/{Escaped}/{Uri.EscapeDataString(queue)}?columns=messages", cancellationToken);
        // Without statistics the broker answers an empty list instead of an object.
        return (long?)(answer as JsonObject)?["messages"] ?? throw new InvalidOperationException($"The broker has no statistics of the queue '{queue}' in '{Name}' yet.");
    }

    /// <summary>Cuts every client connection to this virtual host from the broker's side.</summary>
    /// <returns>How many were cut; the broker lists a new connection only after a moment.</returns>
    public async Task<int> CutConnectionsAsync(CancellationToken cancellationToken = default)
    {
        var connections = await _management.GetAsync($"api/vhosts/{Escaped}/connections?columns=name", cancellationToken);
        var names = (connections?.AsArray() ?? []).Select(connection => (string)connection!["name"]!).ToList();
        foreach (var name in names)
        {
            await _management.DeleteAsync($"api/connections/{Uri.EscapeDataString(name)}", cancellationToken);
        }

        return names.Count;
    }

    /// <inheritdoc />
    public override string ToString() => Name;

    private async Task<QueueDeclareOk> DeclarePassiveAsync(string queue, CancellationToken cancellationToken)
    {
        await using var connection = await _server.ConnectAsync(Name, cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
    }
}

/// <summary>How a queue was declared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">quorum, classic or stream.</param>
/// <param name="Durable">Whether it outlives the broker.</param>
/// <param name="AutoDelete">Whether it goes with its last consumer.</param>
/// <param name="Arguments">The x- arguments as text, e.g. x-delivery-limit.</param>
public sealed record QueueDeclaration(string Name, string Type, bool Durable, bool AutoDelete, IReadOnlyDictionary<string, string> Arguments);
