using System.Text;
using Payouts.Contracts;
using Payouts.Hosting.DeadLetters;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_an_event_is_refused(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_name_all_its_problems_in_the_letter_and_to_the_game(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        var id = await OpenAsync(host, "1", "2");
        var messageId = Guid.NewGuid();
        var bad = new GameRoundEntered
        {
            RoundId = id,
            Entries =
            [
                new RoundEntry { Player = Game.Player(2), Stake = "7" },
                new RoundEntry { Player = "G\0NOBODY", Stake = "-1" },
                new RoundEntry { Player = Game.Player(3), Stake = "0.12345678" },
            ],
        };
        await host.SendAsync(bad, messageId);

        var refused = await host.Heard.FirstAsync<GameEventRefused>(x => x.RoundId == id);
        (refused.Event, refused.Code).ShouldBe(("GameRoundEntered", "AccountInvalid"));
        refused.Problems.Select(x => x.Split(':')[0]).ShouldBe(["entries[1].player", "entries[1].stake", "entries[2].stake", "entries[0].player"]);

        var letter = (await LetterAsync(host, messageId)).ShouldNotBeNull();
        (letter.Queue, letter.Reason).ShouldBe(("rounds.game-round-entered", "AccountInvalid"));
        letter.Detail.ShouldBe(string.Join("; ", refused.Problems));
        Encoding.UTF8.GetString(letter.Body).ShouldContain(Game.Player(3));
        (await host.RoundAsync(id))!.Entries.ShouldBe(2);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_announced_once_however_often_it_is_delivered(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        var id = await OpenAsync(host, "1");
        var messageId = Guid.NewGuid();
        await host.SendAsync(Game.Closed(id, 1));
        await host.UntilAsync(id, RoundState.Closed);
        var late = Game.Drawn(id, (9, "1"));
        await host.SendAsync(late, messageId);
        await Probe.Until("its letter is kept", async _ => (await host.LettersAsync()).Count == 1);
        await host.SendAsync(late, messageId);
        await host.SendAsync(late, messageId);
        await host.SendAsync(Game.Drawn(id, (8, "1")));
        await Probe.Until("the next one's letter is kept, and none of the repeats", async _ => (await host.LettersAsync()).Count == 2);

        // The relay ships in order: what this later refusal says is heard after everything before it.
        await host.SendAsync(Game.Entered(id, 5, "1"));
        (await host.Heard.FirstAsync<GameEventRefused>(x => x.RoundId == id && x.Event == "GameRoundEntered")).Code.ShouldBe("RoundAlreadyClosed");
        await Probe.Until("the outbox is empty", async _ => (await host.OutboxAsync<GameEventRefused>()).Count == 0);
        host.Heard.Of<GameEventRefused>(x => x.RoundId == id && x.Event == "GameRoundDrawn" && x.Problems.Any(problem => problem.Contains(Game.Player(9), StringComparison.Ordinal)))
            .ShouldHaveSingleItem().Code.ShouldBe("WinnerNotInRound");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_not_hold_up_its_neighbours(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        var opened = Enumerable.Range(0, 20).Select(_ => Game.Opened()).ToList();
        await Task.WhenAll(opened.Select(x => host.SendAsync(x)));
        foreach (var round in opened)
            await host.UntilAsync(round.RoundId, RoundState.Open);
        var usurper = Game.Opened() with { RoundNumber = opened[0].RoundNumber };
        var other = opened[1] with { Currency = "USDC" };
        var good = Enumerable.Range(0, 20).Select(_ => Game.Opened()).ToList();
        await Task.WhenAll(good.Cast<object>().Append(usurper).Append(other).Reverse().Select(x => host.SendAsync(x)));

        (await host.Heard.FirstAsync<GameEventRefused>(x => x.RoundId == usurper.RoundId)).Code.ShouldBe("KeyUsed");
        (await host.Heard.FirstAsync<GameEventRefused>(x => x.RoundId == other.RoundId)).Code.ShouldBe("RoundConflict");
        foreach (var round in good)
            await host.UntilAsync(round.RoundId, RoundState.Open);
        (await host.RoundAsync(usurper.RoundId)).ShouldBeNull();
        (await host.RoundAsync(other.RoundId))!.Currency.ShouldBe("XLM");
    }

    /// <summary>The winner did not enter, which shows only when the round closes: the innocent closing commits, the draw is put aside and can be replayed.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_put_aside_by_the_event_that_it_waited_for(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        var id = await OpenAsync(host, "1");
        var messageId = Guid.NewGuid();
        await host.SendAsync(Game.Drawn(id, (9, "1")), messageId);
        await Probe.Until("the draw waits", async _ => await host.ParkedAsync() == 1);
        await host.SendAsync(Game.Closed(id, 1));

        (await host.Heard.FirstAsync<GameEventRefused>(x => x.RoundId == id)).Code.ShouldBe("WinnerNotInRound");
        (await host.RoundAsync(id))!.State.ShouldBe(RoundState.Closed);
        (await host.ParkedAsync()).ShouldBe(0);
        var letter = (await LetterAsync(host, messageId)).ShouldNotBeNull();
        (letter.Queue, letter.Reason, letter.MessageType).ShouldBe(("rounds.game-round-drawn", "WinnerNotInRound", "urn:message:Payouts.Contracts:GameRoundDrawn"));

        await host.SendAsync(Game.Drawn(id, (1, "1")));
        await host.UntilAsync(id, RoundState.Resolved);
        (await host.Get<DeadLetterDesk<RoundsDbContext>>().ReplayAsync(letter.Id, "ana", TestContext.Current.CancellationToken)).ShouldBeNull();
        await Probe.Until("the replayed letter is judged again", async _ => (await host.LettersAsync()).Any(x => x.Reason == "RoundConflict" && x.MessageId == messageId));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_kept_when_it_cannot_even_be_read()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        await host.SendAsync(new GameRoundEntered { RoundId = "r", Entries = null! });
        await Probe.Until("a letter is kept", async _ => (await host.LettersAsync()).Any(x => x.Reason == "BodyUnreadable" && x.Queue == "rounds.game-round-entered"));
    }

    internal static async Task<string> OpenAsync(RoundsHost host, params string[] stakes)
    {
        var opened = Game.Opened();
        await host.ApplyAsync(opened, Game.Entered(opened.RoundId, 1, stakes));
        return opened.RoundId;
    }

    private static async Task<DeadLetter?> LetterAsync(RoundsHost host, Guid messageId) =>
        await Probe.Until("the letter is kept", async _ => (await host.LettersAsync()).Find(x => x.MessageId == messageId), letter => letter is not null);
}
