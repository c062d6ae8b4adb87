using System.Text.Json.Nodes;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>The example game backend of samples/game/node, as another team would run it: amqplib, and docs/events.md.</summary>
public sealed class When_a_game_in_another_language_plays(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(120);
    private static readonly NodeProject Game = new(RepositoryRoot.PathOf("samples", "game", "node"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Should_open_fill_close_and_draw_a_round_and_hear_that_it_is_settled()
    {
        await Game.InstallAsync(Cancelled);
        var path = RepositoryRoot.PathOf("samples", "rounds", "fifty-players.json");
        var round = JsonNode.Parse(await File.ReadAllTextAsync(path, Cancelled))!;
        await using var suite = await StartAsync([.. round["entries"]!.AsArray().Select(x => x!["player"]!.GetValue<string>())]);

        var output = await Game.RunAsync(["game.mjs", path], SettingsFor(suite), Within, Cancelled);

        output.ShouldContain($"round {round["roundId"]!.GetValue<string>()}: settled: ");
        var owed = round["draw"]!["winners"]!.AsArray().Count;
        suite.Devnet.Ledger.Payouts().Count.ShouldBe(owed);
        // Started again it says everything once more: the same ids, and nobody is paid twice.
        var again = await Game.StartAsync(["game.mjs", path], SettingsFor(suite));
        await Probe.Until("everything is said again", () => again.Output.Contains(": said, ", StringComparison.Ordinal), Within, cancellationToken: Cancelled);
        await again.DisposeAsync();
        await Probe.Until("the repeats are taken", async token => await suite.Database.ReadAsync<long>("select count(*) from rounds.dead_letters", token), letters => letters == 0, Within, cancellationToken: Cancelled);
        suite.Devnet.Ledger.Payouts().Count.ShouldBe(owed);
    }

    [Fact(Timeout = 240_000)]
    public async Task Should_hear_what_is_wrong_with_its_draw()
    {
        await Game.InstallAsync(Cancelled);
        var round = JsonNode.Parse(await File.ReadAllTextAsync(RepositoryRoot.PathOf("samples", "rounds", "four-players.json"), Cancelled))!;
        round["draw"]!["winners"]![0]!["amount"] = "70.0000001";
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, round.ToJsonString(), Cancelled);
        await using var suite = await StartAsync([]);

        var ended = await Should.ThrowAsync<InvalidOperationException>(() => Game.RunAsync(["game.mjs", path], SettingsFor(suite), Within, Cancelled));

        ended.Message.ShouldContain("GameRoundDrawn was refused: OwedAbovePool: winners: get 100.0000001, but stakes and yield are 100.0000000");
        File.Delete(path);
    }

    [Fact(Timeout = 240_000)]
    public async Task Should_pass_its_own_tests()
    {
        await Game.InstallAsync(Cancelled);
        (await Game.RunAsync(["--test", "--test-reporter=tap"], [], Within, Cancelled)).ShouldContain("# pass 4");
    }

    private Task<SuiteProcesses> StartAsync(IReadOnlyCollection<string> players) => SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = players }, Cancelled);

    private static Dictionary<string, string> SettingsFor(SuiteProcesses suite) => new() { ["RABBITMQ_URL"] = suite.BrokerUsers["game"] };
}
