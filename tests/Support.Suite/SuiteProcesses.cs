using System.Collections.Concurrent;
using System.Globalization;
using Payouts.Devnet;
using Payouts.Devnet.Contracts;
using Payouts.Devnet.Options;
using Payouts.Stellar;
using Payouts.Tests.Support;

namespace Payouts.Tests.Suite;

/// <summary>
/// The suite as it is deployed: each service its own process, or several, on a RabbitMQ virtual host and a PostgreSQL database of its own. The
/// devnet runs in the test's process, so that its ledger can be asked directly: it is the judge.
/// </summary>
public sealed class SuiteProcesses : IAsyncDisposable
{
    private const long BalanceStroops = 100_000_000_000;
    private static readonly string[] ServiceNames = ["rounds", "payout-builder", "payout-signer", "payout-submitter"];
    private readonly Dictionary<string, ServiceProcess> _services;
    private readonly Dictionary<string, string> _settings;

    private SuiteProcesses(
        DevnetHost devnet, TestVirtualHost broker, IReadOnlyDictionary<string, string> brokerUsers, TestDatabase database,
        Dictionary<string, ServiceProcess> services, Dictionary<string, string> settings, GameClient game)
    {
        (Devnet, Broker, BrokerUsers, Database, _services, _settings, Game) = (devnet, broker, brokerUsers, database, services, settings, game);
    }

    /// <summary>The network and the truth.</summary>
    public DevnetHost Devnet { get; }

    /// <summary>The virtual host.</summary>
    public TestVirtualHost Broker { get; }

    /// <summary>The broker's URL for each user of deploy/rabbitmq/definitions.json.</summary>
    public IReadOnlyDictionary<string, string> BrokerUsers { get; }

    /// <summary>The database; a schema per service.</summary>
    public TestDatabase Database { get; }

    /// <summary>A game backend that speaks plain AMQP.</summary>
    public GameClient Game { get; }

    /// <summary>The token contract of the native asset, C...</summary>
    public string NativeToken => NativeTokenOf(Devnet);

    /// <summary>Every process, by name.</summary>
    public IReadOnlyDictionary<string, ServiceProcess> Services => _services;

    /// <summary>Runs a command of a service's program with the settings of the running one; returns its exit code and all that it printed.</summary>
    public async Task<(int ExitCode, string Output)> RunCommandAsync(string name, IReadOnlyList<string> arguments, TimeSpan within, CancellationToken cancellationToken)
    {
        var printed = new ConcurrentQueue<string>();
        await using var command = Create(name, _settings, BrokerUsers, arguments: arguments, heard: (_, line) => printed.Enqueue(line));
        await command.LaunchAsync();
        return (await command.WaitForExitAsync(within, cancellationToken), string.Join('\n', printed));
    }

    /// <summary>All processes of a service, the first one first.</summary>
    public IReadOnlyList<ServiceProcess> ReplicasOf(string service) => [.. _services.Where(x => ServiceOf(x.Key) == service).Select(x => x.Value)];

    /// <summary>The name of a service's process, counted from 1; the first has the service's own.</summary>
    public static string ReplicaName(string service, int number) => number == 1 ? service : string.Create(CultureInfo.InvariantCulture, $"{service}-{number}");

    /// <summary>What a process is a replica of: payout-builder for payout-builder-2.</summary>
    public static string ServiceOf(string process) => process.TrimEnd([.. "0123456789"]).TrimEnd('-');

    /// <summary>A process.</summary>
    public ServiceProcess this[string name] => _services[name];

    /// <summary>Starts everything; returns when every process is ready.</summary>
    public static async Task<SuiteProcesses> StartAsync(Servers servers, SuiteOptions options, CancellationToken cancellationToken) => await StartAsync(
        await servers.CreateVirtualHostAsync(cancellationToken: cancellationToken),
        await servers.CreateDatabaseAsync(cancellationToken: cancellationToken),
        options,
        cancellationToken);

    /// <summary>Starts everything on servers of the test's own; returns when every process is ready.</summary>
    public static async Task<SuiteProcesses> StartAsync(TestVirtualHost broker, TestDatabase database, SuiteOptions options, CancellationToken cancellationToken)
    {
        var devnet = await DevnetHost.StartAsync(new DevnetOptions
        {
            Port = 0,
            CloseTime = options.CloseTime,
            LedgerScale = options.LedgerScale,
            Accounts =
            [
                new GenesisAccount(options.PayoutSource.ToString(), BalanceStroops),
                .. Enumerable.Range(0, options.Channels).Select(index => new GenesisAccount(SuiteKeys.Channel(index).AccountId.ToString(), BalanceStroops)),
                new GenesisAccount(SuiteKeys.FeeAccount.AccountId.ToString(), BalanceStroops),
                .. options.Players.Select(player => new GenesisAccount(player, BalanceStroops)),
            ],
            Payout = new PayoutContractOptions { Admin = options.PayoutSource.ToString() },
        }, cancellation: cancellationToken);
        var settings = SettingsFor(options, devnet, database);
        // Each with its own user and its own rights, as an installation has it.
        var users = await broker.DefineAsync(BrokerDefinitions.Load(), cancellationToken);
        string[] names = options.Signing switch
        {
            SigningMode.LocalSigner => [.. ServiceNames, "local-signer"],
            SigningMode.Worker => [.. ServiceNames, "signer-worker"],
            _ => ServiceNames,
        };
        var services = names.SelectMany(name => Enumerable.Range(1, options.Replicas).Select(number => ReplicaName(name, number))).ToDictionary(name => name, Make, StringComparer.Ordinal);
        var game = await GameClient.ConnectAsync(users["game"], cancellationToken);
        var suite = new SuiteProcesses(devnet, broker, users, database, services, settings, game);
        try
        {
            // One of each at once, as a cluster does it; the second ones when those are ready, for a dozen starting runtimes starve each other on a small host.
            foreach (var wave in services.GroupBy(x => x.Key.Length - ServiceOf(x.Key).Length).OrderBy(wave => wave.Key))
            {
                foreach (var (_, service) in wave)
                    await service.LaunchAsync();
                await Task.WhenAll(wave.Select(x => x.Value.WaitUntilReadyAsync(cancellationToken)));
            }

            return suite;
        }
        catch
        {
            await suite.DisposeAsync();
            throw;
        }

        ServiceProcess Make(string name) => Create(name, settings, users, (_, own) => Adjust(options, name, own), heard: options.Heard, published: options.Published);
    }

    /// <summary>What every process printed last, for the message of a failed test.</summary>
    public string Outputs => string.Join(Environment.NewLine, _services.Select(service => $"--- {service.Key}{Environment.NewLine}{service.Value.Output}"));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Game.DisposeAsync();
        foreach (var service in _services.Values)
            await service.DisposeAsync();
        await Devnet.DisposeAsync();
    }

    private static string NativeTokenOf(DevnetHost devnet) =>
        ContractId.FromXdr(new TokenContractIds(devnet.Ledger.Network).Of(new Payouts.Stellar.Xdr.Asset.Native())).ToString();

    private static ServiceProcess Create(
        string process, Dictionary<string, string> common, IReadOnlyDictionary<string, string> users, Action<string, Dictionary<string, string>>? adjust = null, IReadOnlyList<string>? arguments = null, Action<string, string>? heard = null, string? published = null)
    {
        var name = ServiceOf(process);
        var folder = name == "local-signer" ? "tools" : "services";
        var settings = common.Where(x => name is "payout-signer" || x.Key is not ("PAYOUT_CHANNEL_SECRET" or "PAYOUT_HOT_SIGNER_SECRET")).ToDictionary();
        settings["RABBITMQ_URL"] = users[name];
        adjust?.Invoke(process, settings);
        return new ServiceProcess(new ServiceProcessOptions
        {
            Assembly = published is null ? RepositoryRoot.AssemblyOf($"{folder}/{name}", $"payouts-{name}") : Path.Combine(published, name, $"payouts-{name}.dll"),
            Arguments = arguments ?? [],
            Environment = settings,
            Heard = heard is null ? null : line => heard(process, line),
        });
    }

    /// <summary>Only the process that signs learns where the key is.</summary>
    private static void Adjust(SuiteOptions options, string process, Dictionary<string, string> settings)
    {
        var name = ServiceOf(process);
        var signs = (options.Signing, name) is (SigningMode.Provider, "payout-signer") or (SigningMode.Worker, "signer-worker");
        if (signs)
        {
            settings[name == "signer-worker" ? "SIGNER_PROVIDER" : "PAYOUTS_SIGNING_PROVIDER"] = options.Provider.Name;
            foreach (var (setting, value) in options.Provider.Settings)
                settings[setting] = value;
        }

        options.Adjust(process, settings);
    }

    private static Dictionary<string, string> SettingsFor(SuiteOptions options, DevnetHost devnet, TestDatabase database)
    {
        var native = NativeTokenOf(devnet);
        var settings = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = database.Url,
            ["SOROBAN_RPC_URL"] = devnet.Address.ToString(),
            ["STELLAR_NETWORK_PASSPHRASE"] = devnet.Ledger.Network.Passphrase,
            ["PAYOUT_CONTRACT_ID"] = devnet.Ledger.PayoutContract.ToString(),
            ["PAYOUT_TOKEN_CONTRACTS"] = $"{(options.CurrencyByAddress ? native : "XLM")}={native}",
            ["PAYOUT_SOURCE_ACCOUNT"] = options.PayoutSource.ToString(),
            ["PAYOUT_CHANNEL_ACCOUNTS"] = string.Join(',', Enumerable.Range(0, options.Channels).Select(index => SuiteKeys.Channel(index).AccountId)),
            ["PAYOUT_CHANNEL_SECRET"] = Convert.ToHexStringLower(SuiteKeys.ChannelSecret),
            ["PAYOUT_FEE_ACCOUNT"] = SuiteKeys.FeeAccount.AccountId.ToString(),
            ["PAYOUTS_LIVE_EXECUTION"] = options.Signing == SigningMode.BuildOnly ? "false" : "true",
            ["PAYOUTS_SIGN_WITH_HOT_KEY"] = options.Signing == SigningMode.HotKey ? "true" : "false",
            ["PAYOUTS_CONFIRM_POLL_MS"] = Math.Clamp((int)(options.CloseTime.TotalMilliseconds / 2), 50, 2500).ToString(CultureInfo.InvariantCulture),
            ["PAYOUTS_RECONCILE_POLL_MS"] = Math.Clamp((int)(options.CloseTime.TotalMilliseconds / 2), 50, 5000).ToString(CultureInfo.InvariantCulture),
            ["MASSTRANSIT_USAGE_TELEMETRY"] = "false",
        };
        if (options.Signing == SigningMode.HotKey)
            settings["PAYOUT_HOT_SIGNER_SECRET"] = SuiteKeys.PayoutSource.ExportSecretSeed();
        if (options.Signing == SigningMode.LocalSigner)
            settings["LOCAL_SIGNER_SECRET"] = SuiteKeys.PayoutSource.ExportSecretSeed();
        foreach (var (name, value) in options.Extra)
            settings[name] = value;
        return settings;
    }
}
