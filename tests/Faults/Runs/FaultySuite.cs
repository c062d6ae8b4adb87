using Payouts.Tests.Faults.Secrets;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Runs;

/// <summary>The suite on servers of its own, every connection of every process through a proxy of its own.</summary>
internal sealed class FaultySuite : IAsyncDisposable
{
    public const int Channels = 30;

    private readonly Dictionary<(string Process, Peer Peer), TcpProxy> _proxies;

    private FaultySuite(SuiteProcesses suite, RabbitMqServer broker, PostgreSqlServer database, Dictionary<(string, Peer), TcpProxy> proxies) =>
        (Suite, Broker, Database, _proxies) = (suite, broker, database, proxies);

    public SuiteProcesses Suite { get; }

    public RabbitMqServer Broker { get; }

    public PostgreSqlServer Database { get; }

    public IEnumerable<TcpProxy> Proxies => _proxies.Values;

    public static async Task<FaultySuite> StartAsync(IReadOnlyCollection<string> players, EvidenceRoom? evidence, CancellationToken cancellationToken)
    {
        // Their processes are killed, the machine is not: what is written survives without waiting for the disk.
        var starting = PostgreSqlServer.StartNewAsync(new PostgreSqlOptions { Durable = false }, cancellationToken);
        var broker = await RabbitMqServer.StartNewAsync(cancellationToken: cancellationToken);
        var database = await starting;
        var proxies = new Dictionary<(string, Peer), TcpProxy>();
        var options = new SuiteOptions
        {
            Players = players,
            Replicas = Chosen.Replicas,
            Channels = Channels,
            CloseTime = TimeSpan.FromSeconds(1),
            Heard = evidence is null ? null : evidence.Hear,
            Extra = new Dictionary<string, string>(evidence?.Settings ?? new Dictionary<string, string>())
            {
                ["PAYOUTS_SIGNING_FORM"] = Chosen.Form,
                ["PAYOUTS_VALIDITY_SECONDS"] = "120",
                // Faults as thick as these use up what a year would; a human is asked only for what no rebuild can solve.
                ["PAYOUTS_MAX_ATTEMPTS"] = "100",
            },
            Adjust = (process, settings) =>
            {
                Route(settings, "RABBITMQ_URL", process, Peer.Broker);
                var service = SuiteProcesses.ServiceOf(process);
                if (service != "local-signer")
                    Route(settings, "DATABASE_URL", process, Peer.Database);
                if (service is "payout-builder" or "payout-submitter")
                    Route(settings, "SOROBAN_RPC_URL", process, Peer.Rpc);
            },
        };
        var suite = await SuiteProcesses.StartAsync(
            await broker.CreateVirtualHostAsync("faults", cancellationToken), await database.CreateDatabaseAsync("faults", cancellationToken), options, cancellationToken);
        if (evidence is not null)
            await evidence.OpenAsync(suite, cancellationToken);
        return new FaultySuite(suite, broker, database, proxies);

        void Route(Dictionary<string, string> settings, string setting, string process, Peer peer)
        {
            var target = new Uri(settings[setting]);
            var proxy = proxies[(process, peer)] = TcpProxy.Start(target.Host, target.Port);
            settings[setting] = settings[setting].Replace(FormattableString.Invariant($"{target.Host}:{target.Port}"), FormattableString.Invariant($"127.0.0.1:{proxy.Port}"), StringComparison.Ordinal);
        }
    }

    public TcpProxy Proxy(string process, Peer peer) => _proxies[(process, peer)];

    /// <summary>Payouts that owe somebody something still; the game's rounds that no service has taken yet are not among them.</summary>
    public Task<long> OpenPayoutsAsync(CancellationToken cancellationToken) =>
        Suite.Database.ReadAsync<long>("select count(*) from payout_builder.payouts where current_state <> 'Confirmed'", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Suite.DisposeAsync();
        foreach (var proxy in _proxies.Values)
            await proxy.DisposeAsync();
        await Broker.DisposeAsync();
        await Database.DisposeAsync();
    }
}
