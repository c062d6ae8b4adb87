using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Payouts.Tests.Suite;

namespace Payouts.Tests.Deployment;

/// <summary>The compose file's own settings, on a real broker and a real database: a newcomer's first round is paid.</summary>
public sealed class When_the_compose_settings_pay_a_round(Servers servers)
{
    private const int Players = 50;
    private static readonly TimeSpan SettledWithin = TimeSpan.FromSeconds(60);

    [Fact(Timeout = 300_000)]
    public async Task Should_settle_fifty_players()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var devnet = await ComposeSuite.StartDevnetAsync(stop);
        var broker = await servers.CreateVirtualHostAsync(cancellationToken: stop);
        var database = await servers.CreateDatabaseAsync(cancellationToken: stop);
        var addresses = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = database.Url,
            ["RABBITMQ_URL"] = broker.Url,
            ["SOROBAN_RPC_URL"] = devnet.Address.ToString(),
        };
        var programs = ComposeSuite.Programs.ToDictionary(one => one.Name, one => ComposeSuite.Create(one, addresses), StringComparer.Ordinal);
        try
        {
            foreach (var program in programs.Values)
            {
                await program.LaunchAsync();
            }

            await Task.WhenAll(programs.Values.Select(program => program.WaitUntilReadyAsync(stop)));
            string[] players = [.. Enumerable.Range(0, Players).Select(SuiteKeys.Player)];
            await FundAsync(devnet.FriendbotAddress, players, stop);
            await using var game = await GameClient.ConnectAsync(broker, stop);
            await game.PlayAsync("first", 1, players, stop);

            var rounds = programs["rounds"].Http;
            rounds.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ComposeEnvironment.Of(ComposeSuite.Compose, "rounds")["HTTP_API_KEY"]);
            await Probe.Until(
                "the round is SETTLED",
                async token => JsonNode.Parse(await rounds.GetStringAsync("rounds/first", token))!["round"]!["state"]!.GetValue<string>(),
                state => state == "SETTLED",
                SettledWithin,
                cancellationToken: stop);
            devnet.Ledger.Payouts().Select(payout => payout.Winner).Order(StringComparer.Ordinal).ShouldBe(players.Order(StringComparer.Ordinal));
        }
        finally
        {
            foreach (var program in programs.Values)
            {
                await program.DisposeAsync();
            }
        }
    }

    private static async Task FundAsync(Uri friendbot, IEnumerable<string> players, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        await Task.WhenAll(players.Select(async player => (await http.GetAsync(new Uri($"{friendbot}?addr={player}"), cancellationToken)).EnsureSuccessStatusCode()));
    }
}
