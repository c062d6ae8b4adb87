using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Restores;

/// <summary>One long-lived suite that is taken back in time again and again; each drill has rounds and players of its own.</summary>
internal sealed class RestoreSuite : IAsyncDisposable
{
    public const int PlayersPerRound = 25;
    private const int Channels = 10;
    private const int RoundsMax = 60;
    private int _rounds;

    private RestoreSuite(SuiteProcesses suite) => (Suite, Backups) = (suite, new Backups(suite.Database));

    public SuiteProcesses Suite { get; }

    public Backups Backups { get; }

    public static async Task<RestoreSuite> StartAsync(Servers servers, CancellationToken cancellationToken) => new(await SuiteProcesses.StartAsync(servers, new SuiteOptions
    {
        Players = [.. Enumerable.Range(0, RoundsMax * PlayersPerRound).Select(SuiteKeys.Player)],
        Channels = Channels,
        CloseTime = TimeSpan.FromSeconds(1),
        // What was handed out before the disaster must be over before the drill can end.
        Extra = new Dictionary<string, string> { ["PAYOUTS_VALIDITY_SECONDS"] = "30", ["PAYOUTS_CONFIRM_POLL_MS"] = "100", ["PAYOUTS_RECONCILE_UNCONFIRMED_SECONDS"] = "60" },
    }, cancellationToken));

    public DrillRound NextRound(string name)
    {
        var number = ++_rounds;
        return new DrillRound($"{name}-{number}", (uint)number, [.. Enumerable.Range((number - 1) * PlayersPerRound, PlayersPerRound).Select(SuiteKeys.Player)]);
    }

    /// <summary>All at once and without a word, as when the machine room goes dark.</summary>
    public Task KillAllAsync(CancellationToken cancellationToken) => Task.WhenAll(Suite.Services.Values.Select(service => service.KillAsync(cancellationToken)));

    public Task StartAllAsync(CancellationToken cancellationToken) => Task.WhenAll(Suite.Services.Values.Select(service => service.StartAsync(cancellationToken)));

    /// <summary>The broker came back without its queues; the services declare them again.</summary>
    public async Task LoseQueuesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await Suite.Broker.ConnectAsync(cancellationToken);
        foreach (var queue in await Suite.Broker.ListQueuesAsync(cancellationToken))
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, noWait: false, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Suite.DisposeAsync();
        Backups.Dispose();
    }
}

/// <summary>A round of a drill.</summary>
internal sealed record DrillRound(string Id, uint Number, IReadOnlyList<string> Players);
