using Payouts.Devnet.Admin;
using Payouts.Devnet.Faults;
using Payouts.Devnet.Friendbot;
using Payouts.Devnet.Ledger;
using Payouts.Devnet.Options;
using Payouts.Devnet.Rpc;

namespace Payouts.Devnet;

/// <summary>The devnet as a part of any host: services and routes.</summary>
public static class DevnetModule
{
    public static IServiceCollection AddDevnet(this IServiceCollection services, DevnetOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new FaultScript(options.Seed));
        services.AddSingleton(provider => new Chain(options, provider.GetRequiredService<FaultScript>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DevnetLedger>();
        services.AddSingleton<FriendbotService>();
        services.AddSingleton<FriendbotAddress>();
        services.AddSingleton(provider =>
        {
            var address = provider.GetRequiredService<FriendbotAddress>();
            return new JsonRpcDispatcher(
                RpcMethods.Of(provider.GetRequiredService<Chain>(), () => address.Url), provider.GetRequiredService<ILogger<JsonRpcDispatcher>>());
        });
        services.AddSingleton<JsonRpcEndpoint>();
        services.AddHostedService<LedgerTicker>();
        return services;
    }

    public static void MapDevnet(this IEndpointRouteBuilder routes)
    {
        var endpoint = routes.ServiceProvider.GetRequiredService<JsonRpcEndpoint>();
        routes.MapGet("/health", (DevnetLedger ledger) => Results.Json(new { status = "healthy", ledger = ledger.LatestLedger }));
        routes.MapFriendbot();
        routes.MapAdmin();
        routes.Map("/", endpoint.HandleAsync);
    }
}

/// <summary>Where friendbot answers, known once the server listens.</summary>
public sealed class FriendbotAddress
{
    public string? Url { get; set; }
}
