using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_rounds_are_read_over_http(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_show_rounds_and_page_through_payouts(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        var id = await When_payouts_end.ResolveAsync(host, players: 5);
        await When_payouts_end.EndAsync(host, Game.Confirmed(id, 1, "1"), Game.Failed(id, 2));
        using var http = host.Http();

        var shown = await GetAsync(http, $"/rounds/{id}");
        shown.GetProperty("round").GetProperty("state").GetString().ShouldBe("RESOLVED");
        shown.GetProperty("round").GetProperty("owed").GetString().ShouldBe("5.0000000");
        shown.GetProperty("round").GetProperty("paid").GetString().ShouldBe("1.0000000");
        shown.GetProperty("round").GetProperty("entries").GetInt32().ShouldBe(5);
        shown.GetProperty("payouts").EnumerateObject().ToDictionary(x => x.Name, x => x.Value.GetInt32())
            .ShouldBe(new Dictionary<string, int> { ["Confirmed"] = 1, ["Failed"] = 1, ["Pending"] = 3 }, ignoreOrder: true);

        var seen = new List<JsonElement>();
        for (string? after = ""; after is not null;)
        {
            var page = await GetAsync(http, $"/rounds/{id}/payouts?after={after}&limit=2");
            seen.AddRange(page.GetProperty("payouts").EnumerateArray());
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        seen.Select(x => x.GetProperty("winner").GetString()).ShouldBe(Enumerable.Range(1, 5).Select(Game.Player).Order(StringComparer.Ordinal));
        var paid = seen.Single(x => x.GetProperty("outcome").GetString() == "Confirmed");
        (paid.GetProperty("transactionHash").GetString(), paid.GetProperty("ledger").GetInt32()).ShouldBe((new string('a', 64), 1234));

        (await GetAsync(http, "/rounds?state=resolved&limit=10")).GetProperty("rounds").EnumerateArray().Select(x => x.GetProperty("roundId").GetString()).ShouldBe([id]);
        (await GetAsync(http, "/rounds?state=OPEN")).GetProperty("rounds").GetArrayLength().ShouldBe(0);
        (await GetAsync(http, "/rounds/dead-letters")).GetArrayLength().ShouldBe(0);
        (await http.GetAsync("/rounds/unknown", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync("/rounds?state=LOST", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_find_a_round_with_a_slash_in_its_name()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        await host.ApplyAsync(Game.Opened("table 4/round 9"));
        using var http = host.Http();
        (await GetAsync(http, "/rounds/table%204%2Fround%209")).GetProperty("round").GetProperty("roundId").GetString().ShouldBe("table 4/round 9");
    }

    private static Task<JsonElement> GetAsync(HttpClient http, string path) => http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);
}
