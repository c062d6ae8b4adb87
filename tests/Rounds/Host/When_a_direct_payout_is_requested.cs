using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Rounds.Direct;
using Payouts.Rounds.Game;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>A debt that no round owes, as a message.</summary>
public sealed class When_a_direct_payout_is_requested(Servers servers)
{
    public static TheoryData<string> Databases => [RoundsHost.Sqlite, RoundsHost.Postgres];

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Databases))]
    public async Task Should_be_announced_once_however_often_it_is_asked_for(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database, direct: true);
        var request = Direct.Requested("refund-1", 1, "2.5");
        var id = Guid.NewGuid();
        await host.SendAsync(request, id);
        await host.SendAsync(request, id);
        // The same in other words, and what comes behind it.
        await host.SendAsync(request with { Amount = "2.50" });
        var last = Direct.Requested("refund-2", 2, "1");
        await host.SendAsync(last);

        (await host.Heard.FirstAsync<DirectPayoutOrdered>(x => x.Reference == "refund-2")).ShouldBe(Direct.Ordered(last));
        await Probe.Until("the three messages are handled", async _ => (await host.ReadAsync((db, token) => db.Database.SqlQuery<Guid>($"select message_id as value from inbox").ToListAsync(token))).Count == 3);
        host.Heard.Of<DirectPayoutOrdered>(_ => true).OrderBy(x => x.Reference).ShouldBe([Direct.Ordered(request), Direct.Ordered(last)]);
        (await host.LettersAsync()).ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Databases))]
    public async Task Should_refuse_what_contradicts_and_take_its_neighbours(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database, direct: true);
        var opened = Game.Opened();
        await host.SendAsync(opened);
        await host.UntilAsync(opened.RoundId, Rules.RoundState.Open);
        var first = Direct.Requested("first", 1, "2");
        await host.SendAsync(first);
        await host.Heard.FirstAsync<DirectPayoutOrdered>(x => x.Reference == "first");
        var wrong = new Dictionary<string, DirectPayoutRequested>
        {
            ["ReferenceConflict"] = first with { Amount = "3" },
            ["DebtOrdered"] = first with { Reference = "second" },
            ["KeyUsed"] = first with { Reference = "third", Context = opened.Context, PoolId = opened.PoolId, RoundNumber = opened.RoundNumber },
            ["AmountInvalid"] = Direct.Requested("fourth", 4, "0"),
        };
        var right = Enumerable.Range(0, 8).Select(n => Direct.Requested($"right-{n}", n, "1")).ToList();
        await Task.WhenAll(right.Concat(wrong.Values).Select(request => host.SendAsync(request)));

        foreach (var request in right)
            await host.Heard.FirstAsync<DirectPayoutOrdered>(x => x == Direct.Ordered(request));
        foreach (var (code, request) in wrong)
            (await host.Heard.FirstAsync<GameEventRefused>(x => x.Code == code)).RoundId.ShouldBe("direct:" + request.Reference);
        var letters = await Probe.Until("the letters are kept", _ => host.LettersAsync(), x => x.Count == wrong.Count);
        letters.Select(x => x.Reason).Order().ShouldBe(wrong.Keys.Order());
        letters.ShouldAllBe(x => x.Queue == "rounds.direct-payout-requested");
        host.Heard.Of<DirectPayoutOrdered>(_ => true).Count.ShouldBe(right.Count + 1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_refused_while_the_switch_is_off()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        await host.SendAsync(Direct.Requested("refund-1", 1, "2.5"));
        var refused = await host.Heard.FirstAsync<GameEventRefused>(x => x.Code == "DirectPayoutsOff");
        (refused.RoundId, refused.Event).ShouldBe(("direct:refund-1", nameof(DirectPayoutRequested)));
        (await Probe.Until("it can be replayed", _ => host.LettersAsync(), x => x.Count == 1))[0].Reason.ShouldBe("DirectPayoutsOff");
        host.Heard.Of<DirectPayoutOrdered>(_ => true).ShouldBeEmpty();
    }

    /// <summary>A round that could owe the same debt would not be paid as a whole: one of the two is refused, whoever comes first.</summary>
    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Databases))]
    public async Task Should_keep_its_key_from_rounds(string database)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database, direct: true);
        var request = Direct.Requested("refund", 1, "2");
        await OrderAsync(host, request);
        var opened = Game.Opened() with { Context = request.Context, PoolId = request.PoolId, RoundNumber = request.RoundNumber };
        var refused = await Should.ThrowAsync<GameEventRefusedException>(() => host.ApplyAsync(opened));
        (refused.Refusal.Code, refused.Refusal.Detail).ShouldBe((RefusalCode.KeyUsed, $"context, poolId, roundNumber: (refunds, 9, {request.RoundNumber}) belongs to round \"direct:refund\"; the contract pays a key's winners once"));
        await host.ApplyAsync(opened with { RoundNumber = 1_000_000 });
    }

    /// <summary>Twenty pairs of a round and a refund for one key each, at once: exactly one of each pair is taken.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_race_a_round_for_one_key_and_one_of_them_wins()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Postgres, direct: true);
        for (var pair = 0; pair < 20; pair++)
        {
            var request = Direct.Requested($"refund-{pair}", 1, "2");
            var opened = Game.Opened($"race-{pair}") with { Context = request.Context, PoolId = request.PoolId, RoundNumber = request.RoundNumber };
            var taken = await Task.WhenAll(TakenAsync(() => OrderAsync(host, request)), TakenAsync(() => host.ApplyAsync(opened)));
            taken.Count(x => x).ShouldBe(1, $"pair {pair}");
        }
    }

    /// <summary>Two requests under one reference at once: one is stored, and a repeat of it is no conflict.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_be_stored_once_when_it_is_asked_for_at_once()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Postgres, direct: true);
        var request = Direct.Requested("refund", 1, "2");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => OrderAsync(host, request)));
        (await host.OutboxAsync<DirectPayoutOrdered>()).ShouldHaveSingleItem().ShouldBe(Direct.Ordered(request));
    }

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Databases))]
    public async Task Should_know_how_it_ended_and_refuse_another_end(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database, direct: true);
        await host.SendAsync(Direct.Requested("refund", 1, "2"));
        await host.Heard.FirstAsync<DirectPayoutOrdered>(x => x.Reference == "refund");
        var confirmed = Game.Confirmed("direct:refund", 1, "2") with { Reference = "refund" };
        await host.SendAsync(Game.Failed("direct:refund", 1));
        await Probe.Until("it has failed", _ => EndAsync(host), x => x == PayoutOutcome.Failed);
        await host.SendAsync(confirmed);
        await Probe.Until("it is paid", _ => EndAsync(host), x => x == PayoutOutcome.Confirmed);
        await host.SendAsync(confirmed);
        await host.SendAsync(Game.Failed("direct:refund", 1));
        await host.SendAsync(confirmed with { TransactionHash = new string('b', 64) });
        await host.SendAsync(Game.Confirmed("direct:nobody's", 1, "2"));
        await host.SendAsync(Game.Confirmed("direct:refund", 2, "2"));
        var letters = await Probe.Until("three are refused", _ => host.LettersAsync(), x => x.Count == 3);
        letters.Select(x => x.Reason).Order().ShouldBe(["PayoutConflict", "PayoutUnknown", "PayoutUnknown"]);
        (await EndAsync(host)).ShouldBe(PayoutOutcome.Confirmed);
    }

    private static Task<PayoutOutcome?> EndAsync(RoundsHost host) =>
        host.ReadAsync((db, token) => db.Direct.AsNoTracking().Where(x => x.Reference == "refund").Select(x => x.Outcome).SingleAsync(token));

    private static Task OrderAsync(RoundsHost host, DirectPayoutRequested request) =>
        host.Units.RunAsync(unit => host.Get<DirectDesk>().OrderAsync([DirectRequest.Read(request)], unit, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

    private static async Task<bool> TakenAsync(Func<Task> take)
    {
        try
        {
            await take();
            return true;
        }
        catch (GameEventRefusedException refused) when (refused.Refusal.Code == RefusalCode.KeyUsed)
        {
            return false;
        }
    }
}
