using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Channels.Builder;
using Payouts.Channels.Ledger;
using Payouts.Hosting.Configuration;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;

namespace Payouts.Channels;

/// <summary>What every command works with: settings, keys, the network and, for those that change the ledger, the funder.</summary>
public sealed class Work : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly KeyPair? _funderKey;
    private readonly Funder? _funder;

    private Work(ServiceProvider services, ToolSettings settings, PoolKeys keys, KeyPair? funderKey, uint bidMaxStroops, Terminal terminal, bool json)
    {
        (_services, Settings, Keys, _funderKey, Terminal, Json) = (services, settings, keys, funderKey, terminal, json);
        Time = services.GetRequiredService<TimeProvider>();
        Rpc = services.GetRequiredService<ISorobanRpcClient>();
        if (funderKey is not null)
            _funder = new Funder(Rpc, settings.Network, funderKey, new FunderOptions { BidMaxStroops = bidMaxStroops, PollInterval = settings.PollInterval }, Time);
    }

    /// <summary>The settings.</summary>
    public ToolSettings Settings { get; }

    /// <summary>The accounts of the secret.</summary>
    public PoolKeys Keys { get; }

    /// <summary>The network.</summary>
    public ISorobanRpcClient Rpc { get; }

    /// <summary>Who pays; only commands that were opened with a bid have it.</summary>
    public Funder Funder => _funder ?? throw new InvalidOperationException("This command was not opened to change the ledger.");

    /// <summary>Where it writes.</summary>
    public Terminal Terminal { get; }

    /// <summary>Whether a program reads the answer.</summary>
    public bool Json { get; }

    /// <summary>Its clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Reads the settings and makes sure that the RPC is on their network.</summary>
    /// <param name="bidMaxStroops">The most bid for an operation; null: the command only reads, and needs no funder.</param>
    /// <exception cref="SettingsException">Names every wrong or missing setting.</exception>
    /// <exception cref="CommandException">The RPC is on another network.</exception>
    /// <exception cref="SorobanRpcException">No endpoint answered.</exception>
    public static async Task<Work> OpenAsync(IConfiguration configuration, Terminal terminal, bool json, uint? bidMaxStroops, TimeProvider time, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time);
        var (settings, keys, funder) = ToolSettings.Read(configuration, services, bidMaxStroops is not null);
        var work = new Work(services.BuildServiceProvider(), settings, keys, funder, bidMaxStroops ?? 0, terminal, json);
        try
        {
            var network = await work.Rpc.GetNetworkAsync(cancellationToken);
            return network.Passphrase == settings.Network.Passphrase ? work : throw new CommandException(ExitCodes.Usage,
                $"{SettingNames.SorobanRpcUrl} is on the network \"{network.Passphrase}\", but {SettingNames.NetworkPassphrase} is \"{settings.Network}\"; they must be the same");
        }
        catch
        {
            await work.DisposeAsync();
            throw;
        }
    }

    /// <summary>payout-builder at an address.</summary>
    public BuilderClient BuilderAt(Uri address) => new(address, Settings.ApiKey);

    /// <summary>PAYOUT_CHANNEL_ACCOUNTS with these channels in it, by their numbers.</summary>
    public string SettingWith(IEnumerable<PoolMember> channels) => string.Join(',', channels.Where(x => x.Number < ChannelKeys.ChannelsMax)
        .Concat(Settings.Listed.Select(Keys.Find).OfType<PoolMember>()).Distinct().OrderBy(x => x.Number).Select(x => x.Account));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Keys.Dispose();
        _funderKey?.Dispose();
        await _services.DisposeAsync();
    }
}
