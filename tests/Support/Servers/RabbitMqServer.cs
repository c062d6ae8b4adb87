using System.Text.Json.Nodes;
using RabbitMQ.Client;

namespace Payouts.Tests.Support;

/// <summary>A RabbitMQ broker of the tests' own, with its management API.</summary>
/// <remarks>
/// A quorum queue that was declared less than about 1.5 s before <see cref="ManagedServer.KillAsync"/> does not come back (measured on
/// 3.10: its entry in the list of queue logs is saved with a delay), whatever it had confirmed. A test that kills a broker restarts it
/// in order after its queues are declared, or it tests that and nothing else.
/// </remarks>
public sealed class RabbitMqServer : ManagedServer
{
    private readonly RabbitMqAddress _address;
    private readonly RabbitMqManagement _management;
    private int _virtualHosts;

    private RabbitMqServer(IServerHost host, RabbitMqAddress address)
        : base(host) => (_address, _management) = (address, new RabbitMqManagement(address));

    /// <inheritdoc />
    public override string Name => FormattableString.Invariant($"RabbitMQ on {_address.Host}:{_address.Port}");

    /// <summary>Address that it listens on.</summary>
    public string Host => _address.Host;

    /// <summary>AMQP port, the same after a restart.</summary>
    public int Port => _address.Port;

    /// <summary>The port of its TLS listener, the same after a restart; null: it has none.</summary>
    public int? TlsPort => _address.TlsPort;

    /// <summary>host:port of its metrics for Prometheus; null: it shows none.</summary>
    public string? Metrics => _address.Metrics;

    /// <summary>Starts a broker of the test's own: for tests that stop, kill or freeze it.</summary>
    public static async Task<RabbitMqServer> StartNewAsync(RabbitMqOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (host, address) = await ServersModeChoice.GetAsync() == ServersMode.Docker
            ? RabbitMqContainerHost.Create(options ?? new RabbitMqOptions())
            : await RabbitMqLocalHost.CreateAsync(options ?? new RabbitMqOptions(), cancellationToken);
        return await ReadyAsync(new RabbitMqServer(host, address), cancellationToken);
    }

    /// <summary>Uses a broker that runs already.</summary>
    internal static Task<RabbitMqServer> UseAsync(string url, string managementUrl, string variable, CancellationToken cancellationToken) =>
        ReadyAsync(new RabbitMqServer(new ExternalServerHost(variable), RabbitMqAddress.Parse(url, managementUrl)), cancellationToken);

    /// <summary>A new, empty virtual host with a user who may do everything in it and nothing elsewhere.</summary>
    /// <param name="name">First part of its name.</param>
    public async Task<TestVirtualHost> CreateVirtualHostAsync(string name = "test", CancellationToken cancellationToken = default)
    {
        var unique = FormattableString.Invariant($"{name}-{Environment.ProcessId}-{Interlocked.Increment(ref _virtualHosts)}");
        await _management.PutAsync($"api/vhosts/{Uri.EscapeDataString(unique)}", new { }, cancellationToken);
        // The administrator reads and purges there; the user of the test is another one, as in production.
        await PutPermissionsAsync(unique, _address.User, RabbitMqPermissions.All, cancellationToken);
        await CreateUserAsync(unique, unique, unique, RabbitMqPermissions.All, cancellationToken);
        return new TestVirtualHost(this, _address, _management, unique);
    }

    /// <summary>Takes a file of definitions, as load_definitions does at a broker's start.</summary>
    public Task ImportAsync(JsonNode definitions, CancellationToken cancellationToken = default) => _management.PostAsync("api/definitions", definitions, cancellationToken);

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        _management.Dispose();
        await base.DisposeAsync();
    }

    internal async Task CreateUserAsync(
        string virtualHost, string user, string password, RabbitMqPermissions permissions, CancellationToken cancellationToken)
    {
        await _management.PutAsync($"api/users/{Uri.EscapeDataString(user)}", new { password, tags = "" }, cancellationToken);
        await PutPermissionsAsync(virtualHost, user, permissions, cancellationToken);
    }

    private protected override async Task<bool> ServesClientsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync("/", cancellationToken);
        return connection.IsOpen && await _management.GetAsync("api/overview", cancellationToken) is not null;
    }

    /// <summary>A connection of the administrator's.</summary>
    internal Task<IConnection> ConnectAsync(string virtualHost, CancellationToken cancellationToken) => new ConnectionFactory
    {
        HostName = _address.Host,
        Port = _address.Port,
        UserName = _address.User,
        Password = _address.Password,
        VirtualHost = virtualHost,
        AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync("tests", cancellationToken);

    private static async Task<RabbitMqServer> ReadyAsync(RabbitMqServer server, CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private Task PutPermissionsAsync(string virtualHost, string user, RabbitMqPermissions permissions, CancellationToken cancellationToken) =>
        _management.PutAsync(
            $"api/permissions/{Uri.EscapeDataString(virtualHost)}/{Uri.EscapeDataString(user)}",
            new { configure = permissions.Configure, write = permissions.Write, read = permissions.Read },
            cancellationToken);
}
