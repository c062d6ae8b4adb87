using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Payouts.Hosting.Configuration;
using Payouts.Stellar.Rpc;
using Prometheus;

namespace Payouts.Hosting.Rpc;

/// <summary>Gives a service the network: the RPC client with its meter, and the ledger's own clock.</summary>
public static class SorobanRpcRegistration
{
    private static readonly Histogram RequestDuration = Metrics.CreateHistogram(
        "soroban_rpc_request_duration_seconds", "Requests to the Soroban RPC.", ["method", "outcome"],
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 15) });

    /// <summary>Registers <see cref="ISorobanRpcClient"/> and <see cref="LedgerClock"/>; in the embedded process once for all services.</summary>
    public static IServiceCollection AddSorobanRpc(this IServiceCollection services, Settings settings)
    {
        var endpoints = settings.Parsed(SettingNames.SorobanRpcUrl, ParseEndpoints, "one or more Soroban RPC endpoints, comma separated");
        services.TryAddSingleton<ISorobanRpcClient>(provider =>
        {
            // One pool of connections for the whole process; the time limits are the client's, per method.
            var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 64 })
            {
                Timeout = Timeout.InfiniteTimeSpan,
            };
            return new SorobanRpcClient(http, new SorobanRpcOptions { Endpoints = endpoints }, provider.GetRequiredService<TimeProvider>(),
                call => RequestDuration.WithLabels(call.Method, call.Outcome.ToString()).Observe(call.Duration.TotalSeconds));
        });
        services.TryAddSingleton<LedgerClock>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, NetworkWatch>());
        return services;
    }

    private static IReadOnlyList<Uri> ParseEndpoints(string text)
    {
        var endpoints = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return endpoints.Length > 0 && endpoints.All(x => Uri.TryCreate(x, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            ? [.. endpoints.Select(x => new Uri(x))]
            : throw new FormatException("write http:// or https:// addresses");
    }
}
