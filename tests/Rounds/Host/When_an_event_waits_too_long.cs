using Payouts.Contracts;
using Payouts.Hosting.DeadLetters;
using Payouts.Rounds.Intake;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_an_event_waits_too_long(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_put_aside_with_what_was_missing(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database);
        var id = await When_an_event_is_refused.OpenAsync(host, "1");
        var unknown = Game.Opened().RoundId;
        await host.ApplyAsync(Game.Entered(unknown, 1, "1"), Game.Closed(id, 2), Game.Drawn(id, (1, "1")));
        host.Clock.Advance(TimeSpan.FromMinutes(9));
        await host.ApplyAsync(Game.Closed(id, 3));
        (await SweepAsync(host)).ShouldBe(0);

        host.Clock.Advance(TimeSpan.FromMinutes(1.5));
        (await SweepAsync(host)).ShouldBe(3);
        (await SweepAsync(host)).ShouldBe(0);
        (await host.ParkedAsync()).ShouldBe(1);
        (await host.LettersAsync()).Select(x => (x.Queue, x.Reason)).ShouldBe(
            [
                ("rounds.game-round-entered", "RoundUnknown"),
                ("rounds.game-round-closed", "EntriesOutstanding"),
                ("rounds.game-round-drawn", "RoundNotClosed"),
            ], ignoreOrder: true);
        (await host.OutboxAsync<GameEventRefused>()).Select(x => (x.RoundId, x.Event, x.Code)).ShouldBe(
            [
                (unknown, "GameRoundEntered", "RoundUnknown"),
                (id, "GameRoundClosed", "EntriesOutstanding"),
                (id, "GameRoundDrawn", "RoundNotClosed"),
            ], ignoreOrder: true);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_applied_when_its_letter_is_replayed_later(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        var opened = Game.Opened();
        await host.SendAsync(Game.Entered(opened.RoundId, 1, "1"));
        await Probe.Until("the entry waits", async _ => await host.ParkedAsync() == 1);
        await Probe.Until("the sweep puts the entry aside", async _ =>
        {
            // Each step ends the sweep's pause; forty of them make the entry too old.
            host.Clock.Advance(new RoundsOptions().SweepInterval);
            return (await host.LettersAsync()).Count == 1;
        });

        await host.SendAsync(opened);
        await host.UntilAsync(opened.RoundId, RoundState.Open);
        var letter = (await host.LettersAsync()).ShouldHaveSingleItem();
        (await host.Get<DeadLetterDesk<RoundsDbContext>>().ReplayAsync(letter.Id, "ana", TestContext.Current.CancellationToken)).ShouldBeNull();
        await Probe.Until("the entry is in the round", async _ => (await host.RoundAsync(opened.RoundId))!.Entries == 1);
    }

    private static Task<int> SweepAsync(RoundsHost host) => host.Get<ParkedEventSweeper>().SweepAsync(TestContext.Current.CancellationToken);
}
