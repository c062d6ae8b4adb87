using System.Collections.Concurrent;
using System.Globalization;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Restores;

/// <summary>
/// A game that plays on whatever becomes of those who pay: a small round every few seconds, said until the broker has all of it. A broker without queues takes
/// nothing; what it had taken and lost with its queues the game says again when it is asked to.
/// </summary>
internal sealed class LiveGame(RestoreSuite drills)
{
    private const int PlayersPerRound = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SaidWithin = TimeSpan.FromMinutes(12);
    private readonly ConcurrentQueue<DrillRound> _said = new();
    private volatile bool _over;
    private Task _playing = Task.CompletedTask;

    /// <summary>At most so many players play within this time.</summary>
    public static int PlayersWithin(TimeSpan time) => PlayersPerRound * (int)Math.Ceiling(time / Pace);

    /// <summary>The rounds that the broker took, in their order.</summary>
    public IReadOnlyList<DrillRound> Said => [.. _said];

    /// <summary>Begins.</summary>
    public void Begin(CancellationToken cancellationToken) => _playing = PlayAsync(cancellationToken);

    /// <summary>Waits until the broker took so many rounds from now on; returns them.</summary>
    public async Task<IReadOnlyList<DrillRound>> NextAsync(int count, CancellationToken cancellationToken)
    {
        var before = _said.Count;
        await Probe.Until(
            string.Create(CultureInfo.InvariantCulture, $"the game has played {count} more rounds"),
            () => _playing.IsCompleted || _said.Count >= before + count, SaidWithin, cancellationToken);
        if (_playing.IsCompleted)
            await _playing;
        return [.. _said.Skip(before)];
    }

    /// <summary>No round after this one; rethrows what playing failed with.</summary>
    public Task EndAsync()
    {
        _over = true;
        return _playing;
    }

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        await using var client = await GameClient.ConnectAsync(drills.Suite.BrokerUsers["game"], cancellationToken);
        using var timer = new PeriodicTimer(Pace);
        while (!_over)
        {
            var round = drills.NextRound("live", PlayersPerRound);
            await Probe.Until($"the broker has round {round.Id}", token => SayAsync(client, round, token), said => said, SaidWithin, TimeSpan.FromSeconds(1), cancellationToken);
            _said.Enqueue(round);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task<bool> SayAsync(GameClient client, DrillRound round, CancellationToken cancellationToken)
    {
        await client.PlayAsync(round.Id, round.Number, round.Players, cancellationToken);
        return true;
    }
}
