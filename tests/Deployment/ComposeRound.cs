using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Payouts.Tests.Suite;
using RabbitMQ.Client;

namespace Payouts.Tests.Deployment;

/// <summary>The compose file's own settings, on a real broker and a real database, pay a round.</summary>
internal static class ComposeRound
{
    private const string Settled = "Payouts.Contracts:RoundSettled";
    private const string Queue = "game.round-settled";
    private static readonly TimeSpan SettledWithin = TimeSpan.FromSeconds(120);

    /// <param name="servers">Broker and database of the tests.</param>
    /// <param name="count">How many players there are; all of them win.</param>
    /// <param name="databaseOf">DATABASE_URL of a program.</param>
    public static async Task PayAsync(Servers servers, int count, Func<Component, string> databaseOf)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var devnet = await ComposeSuite.StartDevnetAsync(stop);
        var broker = await servers.CreateVirtualHostAsync(cancellationToken: stop);
        var users = await broker.DefineAsync(BrokerDefinitions.Load(), stop);
        await using var connection = await new ConnectionFactory { Uri = new Uri(users["game"]), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await ListenAsync(channel, stop);
        var programs = ComposeSuite.Programs.ToDictionary(one => one.Name, one => ComposeSuite.Create(one, new Dictionary<string, string>
        {
            ["DATABASE_URL"] = databaseOf(one),
            ["SOROBAN_RPC_URL"] = devnet.Address.ToString(),
            ["RABBITMQ_URL"] = users[one.Name],
        }), StringComparer.Ordinal);
        try
        {
            foreach (var program in programs.Values)
            {
                await program.LaunchAsync();
            }

            await Task.WhenAll(programs.Values.Select(program => program.WaitUntilReadyAsync(stop)));
            string[] players = [.. Enumerable.Range(0, count).Select(SuiteKeys.Player)];
            await FundAsync(devnet.FriendbotAddress, players, stop);
            await using var game = await GameClient.ConnectAsync(users["game"], stop);
            var started = Stopwatch.GetTimestamp();
            await game.PlayAsync("first", 1, players, stop);

            var rounds = programs["rounds"].Http;
            rounds.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ComposeEnvironment.Of(ComposeSuite.Compose, "rounds")["HTTP_API_KEY"]);
            await Probe.Until(
                "the round is SETTLED",
                async token => JsonNode.Parse(await rounds.GetStringAsync("rounds/first", token))!["round"]!["state"]!.GetValue<string>(),
                state => state == "SETTLED",
                SettledWithin,
                cancellationToken: stop);
            TestContext.Current.SendDiagnosticMessage("{0} players were paid in {1:0.0} s", count, Stopwatch.GetElapsedTime(started).TotalSeconds);
            await ShouldHaveHeardAsync(channel, count);
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

    // As docs/events.md tells a game backend, before anything of ours has run.
    private static async Task ListenAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(Queue, Settled, "", cancellationToken: cancellationToken);
    }

    private static async Task ShouldHaveHeardAsync(IChannel channel, int count)
    {
        var heard = await Probe.Until("RoundSettled is in the backend's queue", async token => await channel.BasicGetAsync(Queue, autoAck: true, token), message => message is not null);
        Guid.TryParse(heard!.BasicProperties.MessageId, out _).ShouldBeTrue();
        heard.BasicProperties.ContentType.ShouldBe("application/json");
        var settled = JsonNode.Parse(heard.Body.Span)!;
        settled["roundId"]!.GetValue<string>().ShouldBe("first");
        settled["payouts"]!.GetValue<int>().ShouldBe(count);
        settled["paid"]!.GetValue<string>().ShouldBe($"{count * 10}.0000000");
        settled["owed"]!.GetValue<string>().ShouldBe($"{count * 10}.0000000");
    }

    private static async Task FundAsync(Uri friendbot, IEnumerable<string> players, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        await Task.WhenAll(players.Select(async player => (await http.GetAsync(new Uri($"{friendbot}?addr={player}"), cancellationToken)).EnsureSuccessStatusCode()));
    }
}
