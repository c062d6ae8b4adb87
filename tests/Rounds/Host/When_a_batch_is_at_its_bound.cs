using System.Net.Http.Json;
using System.Text.Json;
using Payouts.Contracts;
using Payouts.Rounds.Intake;
using Payouts.Rounds.Storage;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>How long an early event waits, how many are put aside at once, and how much an answer shows.</summary>
public sealed class When_a_batch_is_at_its_bound(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_put_100_events_aside_at_once_when_they_have_waited_ten_minutes()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite);
        await host.ApplyAsync(Enumerable.Range(0, 101).Select(number => Game.Entered($"nobody opened {number}", 1, "1")));
        (await host.ParkedAsync()).ShouldBe(101);
        var sweeper = host.Get<ParkedEventSweeper>();

        host.Clock.Advance(new RoundsOptions().ParkedAgeMax);
        (await sweeper.StepOnceAsync(Cancelled)).ShouldBeFalse();
        (await host.ParkedAsync()).ShouldBe(101, "at the bound they still wait");

        host.Clock.Advance(TimeSpan.FromTicks(10));
        (await sweeper.StepOnceAsync(Cancelled)).ShouldBeTrue("there may be more");
        (await host.ParkedAsync()).ShouldBe(1);
        (await sweeper.StepOnceAsync(Cancelled)).ShouldBeFalse();
        (await host.LettersAsync()).Count.ShouldBe(101);
    }

    /// <summary>More players than one round may have, in events that each are within the bound.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public async Task Should_hold_10000_players_however_many_events_bring_them(int players, bool taken)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite);
        var opened = Game.Opened();
        await host.ApplyAsync(opened, Game.Entered(opened.RoundId, 1, [.. Enumerable.Repeat("1", 5_000)]));
        var rest = Game.Entered(opened.RoundId, 5_001, [.. Enumerable.Repeat("1", players - 5_000)]);
        if (taken)
            await host.ApplyAsync(rest);
        else
            (await Should.ThrowAsync<Rounds.Game.GameEventRefusedException>(() => host.ApplyAsync(rest))).Refusal.Code.ShouldBe(Rounds.Game.RefusalCode.TooManyEntries);
        (await host.RoundAsync(opened.RoundId))!.Entries.ShouldBe(taken ? 10_000 : 5_000);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_show_at_most_1000_rows_of_each_list()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        var opened = Enumerable.Range(0, 1001).Select(_ => Game.Opened()).ToList();
        await host.ApplyAsync(opened);
        var first = await When_payouts_end.ResolveAsync(host, players: 1001);
        using var http = host.Http();

        foreach (var (limit, shown) in new[] { ("1000", 1000), ("1001", 1000), ("0", 1) })
        {
            (await GetAsync(http, $"/rounds?limit={limit}")).GetProperty("rounds").GetArrayLength().ShouldBe(shown);
            (await GetAsync(http, $"/rounds/{first}/payouts?limit={limit}")).GetProperty("payouts").GetArrayLength().ShouldBe(shown);
        }

        (await GetAsync(http, "/rounds")).GetProperty("rounds").GetArrayLength().ShouldBe(100);
        (await GetAsync(http, $"/rounds/{first}/payouts")).GetProperty("payouts").GetArrayLength().ShouldBe(100);
    }

    private static Task<JsonElement> GetAsync(HttpClient http, string path) => http.GetFromJsonAsync<JsonElement>(path, Cancelled);
}
