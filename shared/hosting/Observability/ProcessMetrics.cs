using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Payouts.Hosting.Web;
using Prometheus;

namespace Payouts.Hosting.Observability;

/// <summary>What every process shows of itself: its build, whether what it needs is there, and what its libraries measure.</summary>
internal static class ProcessMetrics
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly Gauge Build = Metrics.CreateGauge("payouts_build_info", "1; the build is in the labels.", "service", "version");

    /// <summary>Registers what keeps them up to date.</summary>
    public static void AddProcessMetrics(this IServiceCollection services, IReadOnlyList<IServiceModule> modules)
    {
        MeterBridge.Start();
        foreach (var module in modules)
            Build.WithLabels(module.Name, ServiceHost.Version).Set(1);
        services.AddSingleton<IHealthCheckPublisher, ReadinessGauge>();
        services.Configure<HealthCheckPublisherOptions>(options =>
        {
            (options.Delay, options.Period) = (TimeSpan.FromSeconds(1), Interval);
            options.Predicate = check => check.Tags.Contains("ready");
        });
    }

    /// <summary>The checks of /health/ready as numbers: an orchestrator asks them, a person looks at a graph.</summary>
    private sealed class ReadinessGauge : IHealthCheckPublisher
    {
        /// <summary>1: there. A broker that is away makes it 0 although the process stays ready: it works off what it has.</summary>
        private static readonly Gauge Ready = Metrics.CreateGauge("dependency_ready", "1 while a dependency is healthy.", "dependency");

        public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
        {
            foreach (var (dependency, entry) in report.Entries)
                Ready.WithLabels(dependency).Set(entry.Status == HealthStatus.Healthy ? 1 : 0);
            return Task.CompletedTask;
        }
    }
}
