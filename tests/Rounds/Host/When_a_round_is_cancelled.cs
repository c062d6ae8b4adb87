using Payouts.Contracts;
using Payouts.Rounds.Cancelling;
using Payouts.Rounds.Game;
using Payouts.Rounds.Rules;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_a_round_is_cancelled(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite, true)]
    [InlineData(RoundsHost.Postgres, false)]
    public async Task Should_owe_every_stake_back_and_say_when_all_are_paid(string database, bool closed)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database);
        var opened = Game.Opened();
        var id = opened.RoundId;
        await host.ApplyAsync(opened, Game.Entered(id, 1, "3", "0", "4"));
        if (closed)
            await host.ApplyAsync(Game.Closed(id, 3));
        var cancellation = host.Get<RoundCancellation>();
        (await cancellation.CancelAsync(id, "ann", "no oracle", Cancelled)).ShouldBeNull();
        (await cancellation.CancelAsync(id, "bob", "again", Cancelled)).ShouldBeNull();

        var round = (await host.RoundAsync(id))!;
        (round.State, round.CancelledBy, round.CancelReason, round.Owed, round.Policy).ShouldBe((RoundState.Cancelled, "ann", "no oracle", Stroops.Parse("7"), "refund"));
        (await host.OutboxAsync<RoundResolved>()).ShouldHaveSingleItem().Payouts.Select(x => (x.Winner, x.Amount.ToString())).ShouldBe([(Game.Player(1), "3.0000000"), (Game.Player(3), "4.0000000")], ignoreOrder: true);
        (await Should.ThrowAsync<GameEventRefusedException>(() => host.ApplyAsync(Game.Drawn(id, (1, "7"))))).Refusal.Code.ShouldBe(RefusalCode.RoundCancelled);

        await When_payouts_end.EndAsync(host, Game.Confirmed(id, 1, "3"), Game.Confirmed(id, 3, "4"));
        (await host.OutboxAsync<RoundSettled>()).ShouldHaveSingleItem().Paid.ShouldBe(Stroops.Parse("7"));
        round = (await host.RoundAsync(id))!;
        (round.State, round.SettledAt is not null).ShouldBe((RoundState.Cancelled, true));
        (await host.Get<Verifying.RoundVerifier>().RoundAsync(id, Cancelled))!.Findings.ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    [InlineData(0, false)]
    public async Task Should_keep_a_reason_of_200_characters(int length, bool taken)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite);
        var opened = Game.Opened();
        await host.ApplyAsync(opened);
        var asked = host.Get<RoundCancellation>().CancelAsync(opened.RoundId, "ann", new string('x', length), Cancelled);
        if (taken)
            (await asked).ShouldBeNull();
        else
            await Should.ThrowAsync<ArgumentException>(() => asked);
    }
}
