using System.Text;
using Testcontainers.RabbitMq;

namespace Payouts.Tests.Support;

/// <summary>RabbitMQ as a container.</summary>
internal static class RabbitMqContainerHost
{
    private const string Administrator = "administrator";
    private const string Password = "administrator";
    private const ushort ManagementPort = 15672;
    private const ushort TlsPort = 5671;

    // The image has the plugin on.
    private const ushort MetricsPort = 15692;

    public static (IServerHost Host, RabbitMqAddress Address) Create(RabbitMqOptions options)
    {
        int amqpPort = FreePort.Next(), managementPort = FreePort.Next();
        int? tlsPort = options.Tls is null ? null : FreePort.Next();
        int? metricsPort = options.ShowsMetrics ? FreePort.Next() : null;
        var builder = new RabbitMqBuilder(options.Image)
            .WithUsername(Administrator)
            .WithPassword(Password)
            .WithPortBinding(amqpPort, RabbitMqBuilder.RabbitMqPort)
            .WithPortBinding(managementPort, ManagementPort)
            // The data is found by the node's name, and the name is the host's.
            .WithHostname("broker")
            .WithResourceMapping(Encoding.UTF8.GetBytes("collect_statistics_interval = 1000\n"), "/etc/rabbitmq/conf.d/90-tests.conf")
            .WithLabel("payouts.test-run", Environment.GetEnvironmentVariable(ServerEnvironment.RunVariable) ?? "by-hand");
        if (options.Tls is { } tls)
        {
            builder = builder.WithPortBinding(tlsPort!.Value, TlsPort)
                .WithResourceMapping(Encoding.UTF8.GetBytes(RabbitMqTls.SettingsFor("0.0.0.0:5671", "/etc/rabbitmq")), "/etc/rabbitmq/conf.d/91-tls.conf");
            foreach (var (name, content) in RabbitMqTls.FileNames.Zip(tls.Contents))
                builder = builder.WithResourceMapping(Encoding.UTF8.GetBytes(content), $"/etc/rabbitmq/{name}");
        }

        if (metricsPort is { } port)
            builder = builder.WithPortBinding(port, MetricsPort);
        var container = builder.Build();
        var management = new Uri(FormattableString.Invariant($"http://{container.Hostname}:{managementPort}/"));
        return (new ContainerServerHost(container), new RabbitMqAddress(container.Hostname, amqpPort, management, Administrator, Password)
        {
            TlsPort = tlsPort,
            Metrics = metricsPort is null ? null : FormattableString.Invariant($"{container.Hostname}:{metricsPort}"),
        });
    }
}
