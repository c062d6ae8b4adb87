using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Contracts;
using Payouts.Hosting.Retention;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Storage;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_rounds_grow_old(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_forget_entries_and_debts_of_settled_rounds_at_the_bound_and_never_the_round(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database);
        var (open, settled) = (await When_payouts_end.ResolveAsync(host, players: 2), await When_payouts_end.ResolveAsync(host, players: 2));
        await When_payouts_end.EndAsync(host, Game.Confirmed(settled, 1, "1"), Game.Confirmed(settled, 2, "1"));
        (await host.RoundAsync(settled))!.State.ShouldBe(RoundState.Settled);
        var loop = new RetentionLoop<RoundsDbContext>(host.Units, RoundsRetention.Rules, new RetentionOptions(TimeSpan.FromDays(400)), host.Clock, NullLogger<RetentionLoop<RoundsDbContext>>.Instance);

        host.Clock.Advance(TimeSpan.FromDays(400));
        await loop.ForgetAsync(Cancelled);
        (await host.PayoutsAsync(settled)).Count.ShouldBe(2, "the bound itself is kept");
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await loop.ForgetAsync(Cancelled);

        (await host.PayoutsAsync(settled)).ShouldBeEmpty();
        (await host.PayoutsAsync(open)).Count.ShouldBe(2, "a round that is not settled keeps everything, however old");
        (await host.ReadAsync((db, token) => db.Database.SqlQueryRaw<string>("select distinct round_id as value from round_entries").ToListAsync(token))).ShouldBe([open]);

        // The same draw again is a repeat, and nothing is announced a second time.
        var before = (await host.OutboxAsync<RoundResolved>()).Count;
        await host.ApplyAsync(Game.Drawn(settled, (1, "1"), (2, "1")));
        (await host.OutboxAsync<RoundResolved>()).Count.ShouldBe(before);
        (await host.RoundAsync(settled))!.State.ShouldBe(RoundState.Settled);
    }
}
