using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Options;

namespace Payouts.Devnet;

/// <summary>A running devnet inside this process.</summary>
public sealed class DevnetHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private DevnetHost(WebApplication app, Uri address)
    {
        this.app = app;
        Address = address;
        Ledger = app.Services.GetRequiredService<DevnetLedger>();
    }

    /// <summary>The JSON-RPC endpoint.</summary>
    public Uri Address { get; }

    public Uri FriendbotAddress => new(Address, "friendbot");

    /// <summary>The truth: balances, payouts, faults and the closing of ledgers.</summary>
    public DevnetLedger Ledger { get; }

    /// <param name="clock">Drives close times and validity; null is the system's.</param>
    public static async Task<DevnetHost> StartAsync(DevnetOptions options, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = Build(builder, options, clock);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new DevnetHost(app, AddressOf(app));
    }

    public Task WaitForShutdownAsync(CancellationToken cancellation = default) => app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static WebApplication Build(WebApplicationBuilder builder, DevnetOptions options, TimeProvider? clock)
    {
        builder.Services.AddDevnet(options);
        if (clock is not null)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(clock));
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Parse(options.Host), options.Port);
            kestrel.AddServerHeader = false;
        });
        var app = builder.Build();
        app.MapDevnet();
        return app;
    }

    private static Uri AddressOf(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var address = new Uri(addresses.First());
        var local = address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;
        app.Services.GetRequiredService<FriendbotAddress>().Url = new Uri(local, "friendbot").ToString();
        return local;
    }
}
