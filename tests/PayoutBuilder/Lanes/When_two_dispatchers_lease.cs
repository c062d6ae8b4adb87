using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Lanes;

/// <summary>Two replicas on one PostgreSQL, few lanes, many payouts: lanes go round many times while payouts end.</summary>
public sealed class When_two_dispatchers_lease(Servers servers)
{
    private const int Lanes = 12;
    private const int Payouts = 150;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Should_never_lease_one_slot_twice(int depth)
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Postgres, Sample.Options() with { LaneDepth = depth });
        await using var replica = await store.ReplicaAsync();
        await store.AddAsync([
            .. Enumerable.Range(0, Lanes).Select(i => When_slots_are_leased.Lane($"{i}", 100, 0, store)),
            .. Enumerable.Range(1, Payouts).Select(store.Waiting)]);
        using var one = store.Dispatcher();
        using var two = replica.Dispatcher();
        await Task.WhenAll(one.StartAsync(Cancelled), two.StartAsync(Cancelled));

        await Probe.Until("every payout is paid", async _ =>
        {
            var leased = (await store.PayoutsAsync()).Where(x => x is { CurrentState: nameof(PayoutStateMachine.Building), Slot: not null }).ToList();
            leased.Count.ShouldBeLessThanOrEqualTo(Lanes * depth);
            leased.GroupBy(x => x.Channel).ShouldAllBe(lane => lane.Count() <= depth);
            await Task.WhenAll(leased.Select((x, i) => EndAsync(i % 2 == 0 ? store : replica, x)));
            return await store.ReadAsync((db, token) => db.Payouts.CountAsync(x => x.CurrentState == nameof(PayoutStateMachine.Confirmed), token)) == Payouts;
        }, TimeSpan.FromSeconds(90));
        await Task.WhenAll(one.StopAsync(Cancelled), two.StopAsync(Cancelled));

        var builds = await store.OutboxAsync<BuildPayout>();
        builds.Count.ShouldBe(Payouts, "each payout was leased one slot");
        builds.Select(x => x.PayoutId).ShouldBeUnique();
        builds.Select(x => x.Slot).ShouldBeUnique();
        foreach (var lane in builds.GroupBy(x => x.Slot.Channel))
            lane.Select(x => x.Slot.SequenceNumber).Order().ShouldBe(Enumerable.Range(100, lane.Count()).Select(x => (long)x), "a lane has no gap: the ledger would wait in it for ever");
        (await store.ReadAsync((db, token) => db.Channels.CountAsync(x => x.OpenSlots != 0, token))).ShouldBe(0);
        (await store.ReadAsync((db, token) => db.Slots.CountAsync(token))).ShouldBe(0);
    }

    private static Task EndAsync(BuilderStore store, Payout payout)
    {
        store.Signal.Set();
        return store.RaiseAsync(payout.CorrelationId, store.Machine.PayoutConfirmed, saga => new PayoutConfirmed
        {
            PayoutId = saga.Id, Attempt = saga.Attempt, Slot = saga.Slot!, TransactionHash = new string('a', 64), Ledger = 5, Paid = saga.Amount,
        });
    }
}
