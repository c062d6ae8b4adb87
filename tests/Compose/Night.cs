using System.Text.Json.Nodes;

namespace Payouts.Tests.Compose;

/// <summary>An installation of docker-compose.yml, those who call its published doors, and the ledger's word on every round that was played in it.</summary>
internal sealed class Night : IAsyncDisposable
{
    private const long StroopsEach = 100_000_000;

    /// <summary>How long anything may take on a host that is busy with other things: a limit on the wait, not a judgement.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    private readonly HealthWatch _watch;
    private readonly HttpGame _game;
    private readonly LedgerDoor _ledger;
    private readonly Dictionary<string, int> _roundsWon = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _firstBalance = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint> _numbers = new(StringComparer.Ordinal);

    private Night(ComposeProject project, HealthWatch watch)
    {
        (Project, _watch) = (project, watch);
        _game = new HttpGame(() => project.AddressOfAsync("rounds", 8080));
        _ledger = new LedgerDoor(() => project.AddressOfAsync("devnet", 8080));
        Monitoring = new MonitoringDoors(() => project.AddressOfAsync("prometheus", 9090), () => project.AddressOfAsync("alertmanager", 9093));
    }

    public ComposeProject Project { get; }

    public MonitoringDoors Monitoring { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The players of a committed sample round: accounts that the ledger does not know yet.</summary>
    public static IReadOnlyList<string> Players { get; } = [.. JsonNode.Parse(File.ReadAllText(RepositoryRoot.PathOf("samples", "rounds", "fifty-players.json")))!["entries"]!.AsArray()
        .Select(entry => entry!["player"]!.GetValue<string>())];

    /// <summary>Nothing is started yet.</summary>
    public static async Task<Night> PrepareAsync()
    {
        var project = await ComposeProject.OpenAsync();
        return new Night(project, await HealthWatch.StartAsync(project));
    }

    /// <summary>A table of what the containers took to be ready, and what they hold.</summary>
    public Task TellContainersAsync() => Figures.TellContainersAsync(Project, _watch);

    /// <summary>Makes the players' accounts.</summary>
    public async Task FundPlayersAsync()
    {
        foreach (var player in Players)
        {
            await _ledger.FundAsync(player);
            _firstBalance[player] = await _ledger.BalanceAsync(player);
        }
    }

    /// <summary>Plays a round in which each of the first <paramref name="winners"/> players is owed 10.</summary>
    public async Task PlayAsync(string round, int winners)
    {
        _numbers[round] = (uint)_numbers.Count + 1;
        await _game.PlayAsync(round, _numbers[round], [.. Players.Take(winners)]);
        foreach (var player in Players.Take(winners))
            _roundsWon[player] = _roundsWon.GetValueOrDefault(player) + 1;
    }

    /// <summary>The round is SETTLED, and the contract has paid each of its winners exactly once.</summary>
    public async Task ShouldSettleAsync(string round, int winners)
    {
        await ShouldSayAsync(round, "SETTLED");
        (await _ledger.WinnersOfAsync(_numbers[round])).Order(StringComparer.Ordinal).ShouldBe(Players.Take(winners).Order(StringComparer.Ordinal), $"who was paid in {round}");
    }

    /// <summary>Makes a service's container anew, and looks at the ledger as soon as the old one is told to stop.</summary>
    /// <returns>How many of the round's winners were paid then; null where that was the ledger's own container.</returns>
    public async Task<int?> MakeAnewAsync(string service, string round)
    {
        var before = _watch.StopsOf(service);
        var made = Project.ComposeAsync("up", "--detach", "--wait", "--no-deps", "--force-recreate", service);
        await Probe.Until($"{service} is told to stop", () => made.IsFaulted || _watch.StopsOf(service) > before, Within, Token);
        int? paid = service == "devnet" ? null : (await _ledger.WinnersOfAsync(_numbers[round])).Count;
        await made;
        return paid;
    }

    /// <summary>rounds says that the round is in this state.</summary>
    public Task ShouldSayAsync(string round, string state) =>
        Probe.Until($"round {round} is {state}", token => _game.StateOfAsync(round, token), seen => seen == state, Within, TimeSpan.FromSeconds(1), Token);

    /// <summary>Every round that was played is SETTLED, and every player has received 10 for each round he won, to the stroop.</summary>
    public async Task ShouldHaveLostNothingAsync()
    {
        foreach (var round in _numbers.Keys)
            await ShouldSayAsync(round, "SETTLED");
        foreach (var player in Players)
            (await _ledger.BalanceAsync(player) - _firstBalance[player]).ShouldBe(StroopsEach * _roundsWon[player], $"stroops that {player} received in {_roundsWon[player]} rounds");
    }

    /// <summary>Prometheus finds something for a query.</summary>
    public Task ShouldShowAsync(string what, string query) =>
        Probe.Until($"there is something to see of {what}", token => Monitoring.CountAsync(query, null, token), found => found > 0, Within, TimeSpan.FromSeconds(1), Token);

    /// <summary>Whether Alertmanager holds an alert for active.</summary>
    public Task ShouldFireAsync(string alert, bool fires) => Probe.Until(
        $"Alertmanager {(fires ? "holds" : "no longer holds")} {alert} for active", Monitoring.ActiveAsync, active => active.Contains(alert) == fires, Within, TimeSpan.FromSeconds(1), Token);

    public async ValueTask DisposeAsync()
    {
        _game.Dispose();
        _ledger.Dispose();
        Monitoring.Dispose();
        await _watch.DisposeAsync();
        await Project.DisposeAsync();
    }
}
