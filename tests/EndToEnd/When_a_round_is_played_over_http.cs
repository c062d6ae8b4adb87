using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>A game backend without the broker: four processes, and nothing but HTTP between it and the ledger's payments.</summary>
public sealed class When_a_round_is_played_over_http(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);
    private static readonly string[] Players = [.. Enumerable.Range(0, 20).Select(SuiteKeys.Player)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task Should_settle_on_the_ledger_what_was_previewed()
    {
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.HotKey }, Cancelled);
        await PostAsync(suite, "rounds", HttpStatusCode.Created, new JsonObject { ["roundId"] = "doors", ["context"] = "test", ["poolId"] = 7, ["roundNumber"] = 31, ["currency"] = "XLM" });
        await PostAsync(suite, "rounds/doors/entries", HttpStatusCode.OK, new JsonObject
        {
            ["entries"] = new JsonArray([.. Players.Select(player => new JsonObject { ["player"] = player, ["stake"] = "10" })]),
        });
        await PostAsync(suite, "rounds/doors/close", HttpStatusCode.OK, new JsonObject { ["entryCount"] = Players.Length });
        var draw = new JsonObject { ["winners"] = new JsonArray([.. Players.Select(player => new JsonObject { ["player"] = player, ["amount"] = "10" })]) };
        var preview = await PostAsync(suite, "rounds/doors/draw?preview=true", HttpStatusCode.OK, draw);
        preview["owed"]!.GetValue<string>().ShouldBe("200.0000000");
        (await suite.RoundStateAsync("doors", Cancelled)).ShouldBe("CLOSED");

        draw["resolutionHash"] = preview["resolutionHash"]!.GetValue<string>();
        await PostAsync(suite, "rounds/doors/draw", HttpStatusCode.OK, draw, "draw");
        // Its sender did not read the answer.
        await PostAsync(suite, "rounds/doors/draw", HttpStatusCode.OK, draw, "draw");
        await suite.SettledAsync("doors", Within, Cancelled);
        suite.ShouldHavePaidEachOnce(31, Players);
        var verified = JsonNode.Parse(await suite["rounds"].Http.GetStringAsync("rounds/doors/verification", Cancelled))!;
        verified["holds"]!.GetValue<bool>().ShouldBeTrue();
        await ShouldBeProvenByTheCommandUntilARowIsChangedAsync(suite);
    }

    /// <summary>As a cron runs it: beside the working service, a process of its own that answers by its exit code.</summary>
    private static async Task ShouldBeProvenByTheCommandUntilARowIsChangedAsync(SuiteProcesses suite)
    {
        await Probe.Until("the settled round is under a checkpoint", token => suite.Database.ReadAsync<bool>("select checkpointed = trail_count from rounds.rounds where id = 'doors'", token), Within, cancellationToken: Cancelled);
        var (exit, said) = await suite.RunCommandAsync("rounds", ["verify"], Within, Cancelled);
        exit.ShouldBe(0, said);
        said.ShouldContain("1 rounds, 1 resolved again with the same outcome");
        var head = said.Split('\n').Single(line => line.StartsWith("last checkpoint ", StringComparison.Ordinal))["last checkpoint ".Length..];

        // Somebody who owns the tables: the triggers that keep the service itself from it do not keep him.
        await suite.Database.ExecuteAsync(
            $"alter table rounds.round_payouts disable trigger user; update rounds.round_payouts set amount = amount + 1 where round_id = 'doors' and winner = '{Players[3]}'; alter table rounds.round_payouts enable trigger user", Cancelled);
        var (broken, named) = await suite.RunCommandAsync("rounds", ["verify", "--checkpoint", head], Within, Cancelled);
        broken.ShouldBe(1, named);
        named.ShouldContain($"BROKEN round_payouts[round \"doors\", winner {Players[3]}]: amount: is 100000001, recomputed it is 100000000");
        (await suite.RunCommandAsync("rounds", ["verify", "--round", "nobody's"], Within, Cancelled)).ExitCode.ShouldBe(69);
    }

    private static async Task<JsonNode> PostAsync(SuiteProcesses suite, string path, HttpStatusCode expected, JsonObject body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        using var answer = await suite["rounds"].Http.SendAsync(request, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.StatusCode.ShouldBe(expected, text);
        return JsonNode.Parse(text)!;
    }
}
