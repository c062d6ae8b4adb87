using System.Globalization;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.Faults.Rolling;

/// <summary>Rounds, one after the other, so that there is always something in flight in every service.</summary>
internal sealed class RunningLoad(SuiteProcesses suite)
{
    public const int PlayersPerRound = 20;
    public const int RoundsMax = 150;
    private static readonly TimeSpan PaidWithin = TimeSpan.FromMinutes(5);
    private readonly List<(string Id, uint Number, IReadOnlyList<string> Players)> _played = [];
    private volatile bool _over;

    /// <summary>The rounds that were played.</summary>
    public IReadOnlyList<(string Id, uint Number, IReadOnlyList<string> Players)> Played => _played;

    /// <summary>Plays until told to stop, and once more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var last = false;
        for (var number = 1; number <= RoundsMax && !last; number++)
        {
            last = _over;
            var (id, players) = (string.Create(CultureInfo.InvariantCulture, $"rolling-{number}"), Players(number));
            await suite.Game.PlayAsync(id, (uint)number, players, cancellationToken);
            _played.Add((id, (uint)number, players));
            var least = (number * PlayersPerRound) - (PlayersPerRound / 2);
            await Probe.Until($"half of {id} is paid", () => suite.Devnet.Ledger.Payouts().Count >= least, PaidWithin, cancellationToken);
        }
    }

    /// <summary>The restarts are done: one more round, and no other.</summary>
    public void End() => _over = true;

    /// <summary>Everybody who may ever be in a round.</summary>
    public static IEnumerable<string> Everybody() => Enumerable.Range(1, RoundsMax).SelectMany(Players);

    private static IReadOnlyList<string> Players(int round) => [.. Enumerable.Range((round - 1) * PlayersPerRound, PlayersPerRound).Select(SuiteKeys.Player)];
}
