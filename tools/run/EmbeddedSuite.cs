using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Payouts.Builder;
using Payouts.Devnet;
using Payouts.Devnet.Contracts;
using Payouts.Devnet.Options;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;
using Payouts.LocalSigner;
using Payouts.Rounds;
using Payouts.Signer;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;
using Payouts.Submitter;

namespace Payouts.Run;

/// <summary>
/// The whole system in one process: four services on SQLite files and the in-memory transport, a devnet, a local signer. The services
/// are the same modules that run alone in production; only the settings differ.
/// </summary>
public sealed class EmbeddedSuite : IAsyncDisposable
{
    private const long GenesisBalanceStroops = 100_000_000_000;
    private readonly string _folder;

    private EmbeddedSuite(DevnetHost devnet, WebApplication app, string folder) => (Devnet, App, _folder) = (devnet, app, folder);

    /// <summary>The network.</summary>
    public DevnetHost Devnet { get; }

    /// <summary>The four services and the local signer.</summary>
    public WebApplication App { get; }

    /// <summary>Where the services answer HTTP.</summary>
    public Uri Address => new(App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Where the SQLite files are; gone when the suite is disposed.</summary>
    public string DataFolder => _folder;

    /// <summary>Starts everything; returns when messages flow.</summary>
    public static async Task<EmbeddedSuite> StartAsync(EmbeddedOptions options, CancellationToken cancellationToken = default)
    {
        var keys = new EmbeddedKeys(options.Channels);
        var devnet = await DevnetHost.StartAsync(DevnetOptionsFor(options, keys), cancellation: cancellationToken);
        var folder = Directory.CreateTempSubdirectory("payouts-").FullName;
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
            builder.Configuration.AddInMemoryCollection(SettingsFor(options, keys, devnet, folder));
            builder.Logging.ClearProviders();
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
            builder.Logging.SetMinimumLevel(options.Verbose ? LogLevel.Information : LogLevel.Warning);
            builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port.ToString(CultureInfo.InvariantCulture)}");
            var app = ServiceHost.Build(builder, Modules(options));
            await ServiceHost.StartAsync(app, cancellationToken);
            return new EmbeddedSuite(devnet, app, folder);
        }
        catch
        {
            await devnet.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        await Devnet.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static List<IServiceModule> Modules(EmbeddedOptions options)
    {
        List<IServiceModule> modules = [new RoundsModule(), new PayoutBuilderModule(), new PayoutSignerModule(), new PayoutSubmitterModule()];
        if (options.Mode == SuiteMode.External)
            modules.Add(new LocalSignerModule());
        return modules;
    }

    private static DevnetOptions DevnetOptionsFor(EmbeddedOptions options, EmbeddedKeys keys) => new()
    {
        Port = options.DevnetPort,
        CloseTime = options.CloseTime,

        // A ledger takes what the machine can do, not what mainnet shares among everybody.
        LedgerScale = 10,
        Accounts =
        [
            new GenesisAccount(keys.PayoutSource.AccountId.ToString(), GenesisBalanceStroops),
            .. keys.Channels.Select(channel => new GenesisAccount(channel.AccountId.ToString(), GenesisBalanceStroops)),
            .. options.Players.Select(player => new GenesisAccount(player, GenesisBalanceStroops)),
        ],
        Payout = new PayoutContractOptions { Admin = keys.PayoutSource.AccountId.ToString() },
    };

    private static Dictionary<string, string?> SettingsFor(EmbeddedOptions options, EmbeddedKeys keys, DevnetHost devnet, string folder)
    {
        var settings = new Dictionary<string, string?>
        {
            [SettingNames.DatabaseUrl] = $"sqlite:{Path.Combine(folder, "{service}.db")}",
            [SettingNames.RabbitMqUrl] = "inmemory",
            [SettingNames.SorobanRpcUrl] = devnet.Address.ToString(),
            [SettingNames.NetworkPassphrase] = devnet.Ledger.Network.Passphrase,
            [SettingNames.ContractId] = devnet.Ledger.PayoutContract.ToString(),
            [SettingNames.TokenContracts] = $"XLM={ContractId.FromXdr(new TokenContractIds(devnet.Ledger.Network).Of(new Payouts.Stellar.Xdr.Asset.Native()))}",
            [SettingNames.SourceAccount] = keys.PayoutSource.AccountId.ToString(),
            [SettingNames.ChannelAccounts] = string.Join(',', keys.Channels.Select(channel => channel.AccountId)),
            [SettingNames.ChannelSecret] = keys.ChannelSecret,
            [SettingNames.LiveExecution] = options.Mode == SuiteMode.BuildOnly ? "false" : "true",
            [SettingNames.SignWithHotKey] = options.Mode == SuiteMode.HotKey ? "true" : "false",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
            [SettingNames.ConfirmPollMs] = Math.Clamp((int)(options.CloseTime.TotalMilliseconds / 4), 50, 2500).ToString(CultureInfo.InvariantCulture),
        };
        if (options.Mode == SuiteMode.HotKey)
            settings[SettingNames.HotSignerSecret] = keys.PayoutSource.ExportSecretSeed();
        if (options.Mode == SuiteMode.External)
            settings[LocalSignerSettings.SecretName] = keys.PayoutSource.ExportSecretSeed();
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        return settings;
    }
}
