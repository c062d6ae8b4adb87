using System.Text;
using Testcontainers.RabbitMq;

namespace Payouts.Tests.Support;

/// <summary>RabbitMQ as a container.</summary>
internal static class RabbitMqContainerHost
{
    private const string Administrator = "administrator";
    private const string Password = "administrator";
    private const ushort ManagementPort = 15672;

    public static (IServerHost Host, RabbitMqAddress Address) Create(RabbitMqOptions options)
    {
        int amqpPort = FreePort.Next(), managementPort = FreePort.Next();
        var container = new RabbitMqBuilder(options.Image)
            .WithUsername(Administrator)
            .WithPassword(Password)
            .WithPortBinding(amqpPort, RabbitMqBuilder.RabbitMqPort)
            .WithPortBinding(managementPort, ManagementPort)
            // The data is found by the node's name, and the name is the host's.
            .WithHostname("broker")
            .WithResourceMapping(Encoding.UTF8.GetBytes("collect_statistics_interval = 1000\n"), "/etc/rabbitmq/conf.d/90-tests.conf")
            .WithLabel("payouts.test-run", Environment.GetEnvironmentVariable(ServerEnvironment.RunVariable) ?? "by-hand")
            .Build();
        var management = new Uri(FormattableString.Invariant($"http://{container.Hostname}:{managementPort}/"));
        return (new ContainerServerHost(container), new RabbitMqAddress(container.Hostname, amqpPort, management, Administrator, Password));
    }
}
