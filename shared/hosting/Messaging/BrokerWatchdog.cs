using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Background;

namespace Payouts.Hosting.Messaging;

/// <summary>
/// After a broker restart the transport library sometimes never connects again: messages would wait for ever. A process
/// without any connection to a broker that can be reached stops, so that whatever runs it starts it again; nothing is lost by that.
/// </summary>
public sealed partial class BrokerWatchdog(Uri broker, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<BrokerWatchdog> logger)
    : BackgroundLoop("watching the connection to the broker", time, logger)
{
    /// <summary>Exit code of a process that stopped itself here (EX_TEMPFAIL): start it again.</summary>
    public const int ExitConnectionLost = 75;

    /// <summary>Longer than the library's own pauses between two tries.</summary>
    public static readonly TimeSpan LostMax = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    private long? _lostAt;

    /// <summary>True when the process was told to stop for this reason.</summary>
    public bool HasGivenUp { get; private set; }

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    private int Port => broker.IsDefaultPort || broker.Port <= 0 ? broker.Scheme == "amqps" ? 5671 : 5672 : broker.Port;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        if (ProcessConnections.CountTo(Port) is not 0 || !await ListensAsync(cancellationToken))
        {
            _lostAt = null;
            return false;
        }

        _lostAt ??= Time.GetTimestamp();
        if (HasGivenUp || Time.GetElapsedTime(_lostAt.Value) < LostMax)
            return false;
        HasGivenUp = true;
        ConnectionLost(logger, broker.Host, Port, LostMax.TotalSeconds);
        lifetime.StopApplication();
        return false;
    }

    /// <summary>While the broker itself is away the library is right to wait.</summary>
    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ConnectTimeout);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(broker.Host, Port, timeout.Token);
            return true;
        }
        catch (Exception unreachable) when (unreachable is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Critical, "no connection to the broker at {host}:{port} for {seconds} s although it can be reached: this process stops to be started again")]
    private static partial void ConnectionLost(ILogger logger, string host, int port, double seconds);
}
