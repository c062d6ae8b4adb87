using System.Globalization;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Restores;

/// <summary>One long-lived suite that is taken back in time again and again; each drill has rounds and players of its own.</summary>
internal sealed class RestoreSuite : IAsyncDisposable
{
    private const int Channels = 10;

    /// <summary>With a game beside it for some ten minutes; as long as its backup ages, more are needed.</summary>
    private const int PlayersPerDrillMax = 1_500;
    private readonly int _playersMax;
    private readonly NotedCheckpoint _noted;
    private int _rounds;
    private int _players;

    private RestoreSuite(SuiteProcesses suite, NotedCheckpoint noted, int playersMax) => (Suite, Backups, _noted, _playersMax) = (suite, new Backups(suite.Database), noted, playersMax);

    public SuiteProcesses Suite { get; }

    public Backups Backups { get; }

    /// <summary>The last checkpoint of the rounds that the log told, NUMBER:HASH, as somebody keeps it elsewhere; null before the first.</summary>
    public string? NotedCheckpoint => _noted.Last;

    public static async Task<RestoreSuite> StartAsync(Servers servers, int drills, CancellationToken cancellationToken)
    {
        var (noted, players) = (new NotedCheckpoint(), drills * (PlayersPerDrillMax + LiveGame.PlayersWithin(Chosen.BackupAge)));
        var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions
        {
            Players = [.. Enumerable.Range(0, players).Select(SuiteKeys.Player)],
            Channels = Channels,
            CloseTime = TimeSpan.FromSeconds(1),
            Heard = noted.Hear,
            // What was handed out before the disaster must be over before the drill can end.
            Extra = new Dictionary<string, string> { ["PAYOUTS_VALIDITY_SECONDS"] = "30", ["PAYOUTS_CONFIRM_POLL_MS"] = "100", ["PAYOUTS_RECONCILE_UNCONFIRMED_SECONDS"] = "60" },
        }, cancellationToken);
        return new RestoreSuite(suite, noted, players);
    }

    /// <summary>A round with players whom nobody has played with.</summary>
    public DrillRound NextRound(string name, int players)
    {
        var (number, after) = (Interlocked.Increment(ref _rounds), Interlocked.Add(ref _players, players));
        after.ShouldBeLessThanOrEqualTo(_playersMax, "there are players for so many rounds and no more");
        return new DrillRound(string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"), (uint)number, [.. Enumerable.Range(after - players, players).Select(SuiteKeys.Player)]);
    }

    /// <summary>All at once and without a word, as when the machine room goes dark.</summary>
    public Task KillAllAsync(CancellationToken cancellationToken) => Task.WhenAll(Suite.Services.Values.Select(service => service.KillAsync(cancellationToken)));

    /// <summary>Starts payout-signer alone, then the others and the external signer.</summary>
    public async Task StartAllAsync(CancellationToken cancellationToken)
    {
        const string First = "payout-signer";
        await Suite[First].StartAsync(cancellationToken);
        await Task.WhenAll(Suite.Services.Where(service => service.Key != First).Select(service => service.Value.StartAsync(cancellationToken)));
    }

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
