using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Building;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Hosting.Steps;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Lanes;

/// <summary>What payout-builder's loops do at once: one more than a batch takes a second step.</summary>
public sealed class When_a_batch_is_at_its_bound(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Should_wake_200_payouts_in_one_transaction()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite);
        await store.AddAsync(Enumerable.Range(0, 201).Select(number =>
        {
            var payout = store.Waiting(number);
            payout.WakeAt = store.Clock.GetUtcNow();
            return payout;
        }));
        using var pump = new DeadlinePump(store.Units, store.Machine, store.Signal, store.Clock, NullLogger<DeadlinePump>.Instance);

        (await pump.StepOnceAsync(Cancelled)).ShouldBeTrue("there may be more");
        (await store.PayoutsAsync()).Count(x => x.WakeAt is not null).ShouldBe(1);
        (await pump.StepOnceAsync(Cancelled)).ShouldBeFalse();
        (await store.PayoutsAsync()).Count(x => x.WakeAt is not null).ShouldBe(0);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_lease_200_slots_in_one_transaction()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite);
        await store.AddAsync(Enumerable.Range(0, 201).Select(store.Waiting));
        await store.AddAsync(Enumerable.Range(0, 201).Select(n => new Channel { Account = Sample.Account($"lane {n}"), NextSequence = 1, LastUsedAt = store.Clock.GetUtcNow() }));
        using var dispatcher = store.Dispatcher();

        (await dispatcher.StepOnceAsync(Cancelled)).ShouldBeTrue();
        (await store.PayoutsAsync()).Count(x => x.Slot is not null).ShouldBe(200);
        (await dispatcher.StepOnceAsync(Cancelled)).ShouldBeTrue();
        (await store.PayoutsAsync()).Count(x => x.Slot is not null).ShouldBe(201);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_burn_the_heads_of_100_lanes_in_one_transaction()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite, Sample.Options() with { LaneDepth = 2 });
        for (var lane = 0; lane < 101; lane++)
            await store.AddAsync(Lane(store, lane), Owner(store, lane, 10, nameof(PayoutStateMachine.AwaitingSignature)), Owner(store, lane, 11, nameof(PayoutStateMachine.Submitting)));
        store.Clock.Advance(store.Options.LaneHeadWait);
        using var keeper = store.Keeper();

        (await keeper.StepOnceAsync(Cancelled)).ShouldBeTrue("there may be more");
        (await store.OutboxAsync<BurnSlot>()).Count.ShouldBe(100);
        (await keeper.StepOnceAsync(Cancelled)).ShouldBeFalse();
        (await store.OutboxAsync<BurnSlot>()).Count.ShouldBe(101);
    }

    /// <summary>A number behind which nobody waits has nothing to be burned for: a batch of such must not keep the others out, nor the loop busy.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_not_let_free_numbers_that_nobody_waits_for_fill_the_batch(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database, Sample.Options() with { LaneDepth = 2 });
        for (var lane = 0; lane < 101; lane++)
            await store.AddAsync(Lane(store, lane), Free(store, lane, 10));
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        await store.AddAsync(Lane(store, 101), Free(store, 101, 10), Owner(store, 101, 11, nameof(PayoutStateMachine.Submitting)), new LaneSlot
        {
            Channel = Account(101), SequenceNumber = 11, PayoutId = Guid.CreateVersion7(), LeasedAt = store.Clock.GetUtcNow(),
        });
        await store.SqlAsync($"update slots set payout_id = (select payout_id from payouts) where channel = '{Account(101)}' and sequence_number = 11");
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        using var keeper = store.Keeper();

        (await keeper.StepOnceAsync(Cancelled)).ShouldBeFalse("nothing is left to do");
        (await store.OutboxAsync<BurnSlot>()).ShouldHaveSingleItem().Slot.Channel.ShouldBe(Account(101));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_ask_for_200_accounts_at_once()
    {
        await using var network = await BuildingNetwork.StartAsync();
        var channels = Enumerable.Range(0, 201).Select(n => Sample.Key($"lane {n}").AccountId).ToList();
        foreach (var channel in channels)
            network.Ledger.Grant(channel, 100_000_000);
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite, Sample.Options(channels: channels));
        var rpc = new WatchedRpc(network.Rpc);
        using var pool = new ChannelPool(store.Units, store.Contexts, rpc, store.Options, store.Signal, new UnwatchedSteps(), store.Clock, NullLogger<ChannelPool>.Instance);

        await pool.StepOnceAsync(Cancelled);

        rpc.KeysAsked.ShouldBe([200, 1]);
        (await store.ReadAsync((db, _) => Task.FromResult(db.Channels.Count(x => x.NextSequence != null)))).ShouldBe(201);
    }

    private static string Account(int lane) => Sample.Account($"lane {lane}");

    private static Channel Lane(BuilderStore store, int lane) => new() { Account = Account(lane), NextSequence = 12, OpenSlots = 2, LastUsedAt = store.Clock.GetUtcNow() };

    private static LaneSlot Free(BuilderStore store, int lane, long number) => new() { Channel = Account(lane), SequenceNumber = number, LeasedAt = store.Clock.GetUtcNow() };

    private static Payout Owner(BuilderStore store, int lane, long number, string state)
    {
        var payout = store.Waiting((lane * 100) + (int)number);
        (payout.CurrentState, payout.Attempt, payout.Channel, payout.SequenceNumber, payout.Exposed) = (state, 1, Account(lane), number, true);
        (payout.TransactionHash, payout.ValidUntil, payout.MaxLedger) = (new string('a', 64), store.Clock.GetUtcNow().AddDays(2), 99);
        return payout;
    }
}
