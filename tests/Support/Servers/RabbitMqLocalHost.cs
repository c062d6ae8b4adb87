using System.Globalization;

namespace Payouts.Tests.Support;

/// <summary>RabbitMQ as a child process, on Debian's and Ubuntu's packages: own node name, ports, port mapper, plugins and folders.</summary>
internal static class RabbitMqLocalHost
{
    private const string SystemUser = "rabbitmq";
    private const string Administrator = "administrator";
    private const string Password = "administrator";
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    public static async Task<(IServerHost Host, RabbitMqAddress Address)> CreateAsync(RabbitMqOptions options, CancellationToken cancellationToken)
    {
        if (!File.Exists(Program))
        {
            throw new FileNotFoundException($"{Program} is missing: install the package 'rabbitmq-server' (test.sh does), or start a Docker engine.");
        }

        int amqpPort = FreePort.Next(), managementPort = FreePort.Next();
        int? tlsPort = options.Tls is null ? null : FreePort.Next();
        int? metricsPort = options.ShowsMetrics ? FreePort.Next() : null;
        var directory = await ServerDirectory.CreateAsync("rabbitmq", SystemUser);
        try
        {
            var tls = options.Tls is null ? "" : RabbitMqTls.SettingsFor(FormattableString.Invariant($"127.0.0.1:{tlsPort}"), directory.Path);
            foreach (var (name, content) in RabbitMqTls.FileNames.Zip(options.Tls?.Contents ?? []))
                directory.AddFile(name, content);
            var environment = await CreateEnvironmentAsync(directory, amqpPort, managementPort, metricsPort, tls);
            var portMapper = await PortMapper.StartAsync(environment, SystemUser, cancellationToken);
            var start = new ChildProcessStart { File = Program, Environment = environment, User = SystemUser };
            var address = new RabbitMqAddress(
                "127.0.0.1", amqpPort, new Uri(FormattableString.Invariant($"http://127.0.0.1:{managementPort}/")), Administrator, Password)
            {
                TlsPort = tlsPort,
                Metrics = metricsPort is null ? null : FormattableString.Invariant($"127.0.0.1:{metricsPort}"),
            };
            return (new LocalServerHost(start, Signal.Terminate, [portMapper, directory]), address);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private static async Task<Dictionary<string, string>> CreateEnvironmentAsync(ServerDirectory directory, int amqpPort, int managementPort, int? metricsPort, string tls)
    {
        var data = Path.Combine(directory.Path, "data");
        // The broker reads every file in its folder of settings, so its data lies elsewhere, and the host's own /etc/rabbitmq is left out.
        var extraSettings = await directory.AddAsync("conf.d", SystemUser);
        var metrics = metricsPort is null ? "" : FormattableString.Invariant($"prometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = {metricsPort}");
        var settings = directory.AddFile("rabbitmq.conf", FormattableString.Invariant($"""
            listeners.tcp.default = 127.0.0.1:{amqpPort}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {managementPort}
            default_user = {Administrator}
            default_pass = {Password}
            collect_statistics_interval = 1000
            {metrics}
            {tls}
            """));
        return new Dictionary<string, string>(ServerEnvironment.Minimal(data), StringComparer.Ordinal)
        {
            // As under systemd the start script then becomes the server, instead of staying between us and it: signals and the
            // parent-death signal reach the server itself.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
            ["RABBITMQ_NODENAME"] = FormattableString.Invariant($"payouts-test-{amqpPort}@localhost"),
            ["RABBITMQ_MNESIA_BASE"] = data,
            ["RABBITMQ_LOG_BASE"] = data,
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_CONFIG_FILE"] = settings,
            ["RABBITMQ_CONFIG_FILES"] = extraSettings,
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = directory.AddFile("enabled_plugins", metricsPort is null ? "[rabbitmq_management].\n" : "[rabbitmq_management,rabbitmq_prometheus].\n"),
            ["RABBITMQ_DIST_PORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
            // No busy waiting: the cores are for the code under test.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = FreePort.Next().ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Erlang's port mapper. A node would start one as a daemon that outlives everybody; this one is a child like the others.</summary>
    private sealed class PortMapper : IDisposable
    {
        private readonly ChildProcess _process;

        private PortMapper(ChildProcess process) => _process = process;

        public static async Task<PortMapper> StartAsync(Dictionary<string, string> environment, string user, CancellationToken cancellationToken)
        {
            var process = await ChildProcess.StartAsync(new ChildProcessStart { File = "epmd", Environment = environment, User = user });
            var port = int.Parse(environment["ERL_EPMD_PORT"], CultureInfo.InvariantCulture);
            await Probe.Until($"Erlang's port mapper listens on {port}", () => Listens(port), TimeSpan.FromSeconds(10), cancellationToken);
            return new PortMapper(process);
        }

        public void Dispose() => _process.Send(Signal.Kill);

        private static bool Listens(int port)
        {
            using var client = new System.Net.Sockets.TcpClient();
            client.Connect("127.0.0.1", port);
            return client.Connected;
        }
    }
}
