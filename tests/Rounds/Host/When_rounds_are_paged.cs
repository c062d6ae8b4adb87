using System.Net;
using Payouts.Rounds.Doors;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_rounds_are_paged(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_show_each_round_once_although_others_open_meanwhile(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        using var door = DoorClient.To(host);
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            // Pairs of one time: the name orders them.
            if (i % 2 == 0)
                host.Clock.Advance(TimeSpan.FromSeconds(1));
            var opened = Game.Opened() with { Context = i == 3 ? "chess" : "poker" };
            ids.Add(opened.RoundId);
            await door.PostAsync("/rounds", opened);
        }

        var seen = new List<string>();
        for (string? after = null; seen.Count < 20;)
        {
            var page = (await door.GetAsync($"/rounds?limit=2{(after is null ? "" : $"&after={after}")}")).Json;
            seen.AddRange(page.GetProperty("rounds").EnumerateArray().Select(x => x.GetProperty("roundId").GetString()!));
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await door.PostAsync("/rounds", Game.Opened());
            if (!page.TryGetProperty("next", out var next))
                break;
            after = next.GetString();
        }

        seen.ShouldBe(ids, ignoreOrder: true);
        async Task<List<string?>> Listed(string query) => [.. (await door.GetAsync($"/rounds?{query}")).Json.GetProperty("rounds").EnumerateArray().Select(x => x.GetProperty("roundId").GetString())];
        (await Listed("context=chess")).ShouldBe([ids[3]]);
        (await Listed("context=chess&state=closed")).ShouldBeEmpty();
        (await Listed($"context=poker&from=2026-01-02T03:04:09Z&limit=1000")).ShouldContain(ids[6]);
        (await Listed($"from=2026-01-02T03:04:09Z&limit=1000")).ShouldNotContain(ids[3]);
        foreach (var wrong in new[] { "state=LOST", "state=0", "context=%00", "context=a-b", "from=yesterday", "after=%00", "after=abc", "after=!", $"after={new string('A', 5000)}", "limit=many", "limit=99999999999" })
            (await door.GetAsync($"/rounds?{wrong}")).ShouldBeRefused(HttpStatusCode.BadRequest, nameof(DoorCode.QueryInvalid));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_page_through_entries(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        using var door = DoorClient.To(host);
        var id = await door.CloseRoundAsync(5);
        var seen = new List<(string?, string?)>();
        for (string? after = ""; after is not null;)
        {
            var page = (await door.GetAsync($"/rounds/{id}/entries?limit=2&after={after}")).Json;
            seen.AddRange(page.GetProperty("entries").EnumerateArray().Select(x => (x.GetProperty("player").GetString(), x.GetProperty("stake").GetString())));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        seen.ShouldBe(Enumerable.Range(1, 5).Select(x => ((string?)Game.Player(x), (string?)$"{x}.0000000")).OrderBy(x => x.Item1, StringComparer.Ordinal));
        (await door.GetAsync("/rounds/unknown/entries")).ShouldBeRefused(HttpStatusCode.NotFound, nameof(DoorCode.RoundNotFound));
        (await door.GetAsync($"/rounds/{id}/entries?after=%00")).ShouldBeRefused(HttpStatusCode.BadRequest, nameof(DoorCode.QueryInvalid));
        (await door.GetAsync($"/rounds/{id}/payouts?after=%00")).ShouldBeRefused(HttpStatusCode.BadRequest, nameof(DoorCode.QueryInvalid));
    }
}
