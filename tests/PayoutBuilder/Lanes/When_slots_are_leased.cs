using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Lanes;

public sealed class When_slots_are_leased(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_give_the_least_recently_used_lane_to_who_waits_longest(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database);
        var (late, first, second) = (store.Waiting(3), store.Waiting(1), store.Waiting(2));
        var asleep = store.Waiting(0);
        asleep.WakeAt = store.Clock.GetUtcNow().AddMinutes(1);
        await store.AddAsync(late, asleep, first, second, Lane("b", 20, 2, store), Lane("a", 10, 1, store), Lane("unknown", null, 0, store));

        await RunAsync(store, async () => await Probe.Until("two are leased", async _ => (await store.PayoutsAsync()).Count(x => x.Slot is not null) == 2));

        (await store.PayoutAsync(first.CorrelationId)).Slot.ShouldBe(new SequenceSlot { Channel = Account("a"), SequenceNumber = 10 });
        (await store.PayoutAsync(second.CorrelationId)).Slot.ShouldBe(new SequenceSlot { Channel = Account("b"), SequenceNumber = 20 });
        (await store.PayoutAsync(late.CorrelationId)).Slot.ShouldBeNull();
        (await store.PayoutAsync(asleep.CorrelationId)).Slot.ShouldBeNull("its pause is not over");
        var lane = await store.ChannelAsync(Account("a"));
        (lane.OpenSlots, lane.NextSequence).ShouldBe((1, 11));
        (await store.SlotsAsync(Account("a"))).ShouldHaveSingleItem().PayoutId.ShouldBe(first.CorrelationId);
        (await store.OutboxAsync<BuildPayout>()).Select(x => (x.PayoutId, x.Attempt)).ShouldBe([(first.Id, 1), (second.Id, 1)], ignoreOrder: true);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_give_a_lane_as_deep_as_needed_when_execution_is_off()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite, Sample.Options(liveExecution: false));
        await store.AddAsync([.. Enumerable.Range(1, 5).Select(store.Waiting), Lane("a", 10, 1, store), Lane("b", 20, 2, store)]);

        await RunAsync(store, async () => await Probe.Until("all are leased", async _ => (await store.PayoutsAsync()).TrueForAll(x => x.Slot is not null)));

        (await store.PayoutsAsync()).OrderBy(x => x.RoundNumber).Select(x => x.SequenceNumber).ShouldBe([10, 20, 11, 21, 12]);
        (await store.ChannelAsync(Account("a"))).OpenSlots.ShouldBe(0, "nothing waits for the ledger");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_fill_lanes_evenly_up_to_their_depth(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database, Sample.Options() with { LaneDepth = 3 });
        var resting = Lane("resting", 30, 0, store);
        resting.RestsUntil = store.Clock.GetUtcNow().AddSeconds(6);
        await store.AddAsync([.. Enumerable.Range(1, 8).Select(store.Waiting), Lane("a", 10, 1, store), Lane("b", 20, 2, store), resting]);

        await RunAsync(store, async () => await Probe.Until("six are leased", async _ => (await store.PayoutsAsync()).Count(x => x.Slot is not null) == 6));

        var numbers = (await store.PayoutsAsync()).OrderBy(x => x.RoundNumber).Select(x => x.SequenceNumber).ToList();
        numbers[..2].ShouldBe([10, 20]);
        numbers[2..4].ShouldBe([11, 21], ignoreOrder: true);
        numbers[4..6].ShouldBe([12, 22], ignoreOrder: true);
        numbers[6..].ShouldBe([null, null]);
        (await store.ChannelAsync(Account("a"))).OpenSlots.ShouldBe(3);
        (await store.SlotsAsync(Account("resting"))).ShouldBeEmpty("its rest is not over");

        store.Clock.Advance(TimeSpan.FromSeconds(6));
        await RunAsync(store, async () => await Probe.Until("all are leased", async _ => (await store.PayoutsAsync()).TrueForAll(x => x.Slot is not null)));
    }

    /// <summary>Returned means: the number is the lane's next one again, or waits for the next payout when others are behind it.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_give_back_a_number_only_when_never_exposed(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database);
        await EndAsync(store, "unseen", exposed: false, next: 11);
        (await LaneOfAsync(store, "unseen")).ShouldBe((10, 0, ""));

        await EndAsync(store, "used by others", exposed: false, next: 12);
        (await LaneOfAsync(store, "used by others")).ShouldBe((12, 0, ""), "somebody used the account past it: the number is behind the lane");

        await EndAsync(store, "exposed", exposed: true, next: 11);
        (await LaneOfAsync(store, "exposed")).ShouldBe((11, 1, "10 owned"), "a signed envelope may exist");

        await EndAsync(store, "middle", exposed: false, next: 12, (11, Guid.CreateVersion7()));
        (await LaneOfAsync(store, "middle")).ShouldBe((12, 2, "10 free, 11 owned"), "the ledger would wait for the number for ever");

        await EndAsync(store, "last", exposed: false, next: 11, (9, null), (8, Guid.CreateVersion7()));
        (await LaneOfAsync(store, "last")).ShouldBe((9, 1, "8 owned"), "the free one before it goes back too");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_give_a_free_number_to_the_next_payout_first(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database, Sample.Options() with { LaneDepth = 3 });
        await EndAsync(store, "a", exposed: false, next: 12, (11, Guid.CreateVersion7()));
        var next = store.Waiting(2);
        await store.AddAsync(next);

        await RunAsync(store, async () => await Probe.Until("it is leased", async _ => (await store.PayoutAsync(next.CorrelationId)).Slot is not null));

        (await store.PayoutAsync(next.CorrelationId)).SequenceNumber.ShouldBe(10);
        (await LaneOfAsync(store, "a")).ShouldBe((12, 2, "10 owned, 11 owned"));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_not_free_by_a_late_release_what_somebody_else_owns(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database);
        await EndAsync(store, "other payout", exposed: false, next: 12, owner: Guid.CreateVersion7());
        (await LaneOfAsync(store, "other payout")).ShouldBe((12, 1, "10 owned"));

        var paid = await EndAsync(store, "paid", exposed: true, next: 11, owner: Guid.CreateVersion7());
        await store.RaiseAsync(paid, store.Machine.PayoutConfirmed, saga => new PayoutConfirmed
        {
            PayoutId = saga.Id, Attempt = 1, Slot = saga.Slot!, TransactionHash = new string('a', 64), Ledger = 5, Paid = saga.Amount,
        });
        (await LaneOfAsync(store, "paid")).ShouldBe((11, 1, "10 owned"));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_refuse_a_second_owner_of_a_slot_in_the_database_itself(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database);
        var (one, two) = (store.Waiting(1), store.Waiting(2));
        (one.Channel, one.SequenceNumber) = (Account("a"), 10);
        (two.Channel, two.SequenceNumber) = (Account("a"), 10);
        await store.AddAsync(one);

        var refused = await Should.ThrowAsync<DbUpdateException>(() => store.AddAsync(two));

        refused.InnerException!.Message.ShouldContain(database == BuilderStore.Postgres ? "payouts_slot" : "payouts.channel, payouts.sequence_number");
    }

    internal static string Account(string name) => Sample.Account($"lane {name}");

    internal static Channel Lane(string name, long? next, int usedAt, BuilderStore store) =>
        new() { Account = Account(name), NextSequence = next, LastUsedAt = store.Clock.GetUtcNow().AddSeconds(usedAt) };

    internal static async Task RunAsync(BuilderStore store, Func<Task> until)
    {
        using var dispatcher = store.Dispatcher();
        await dispatcher.StartAsync(Cancelled);
        await until();
        await dispatcher.StopAsync(Cancelled);
    }

    private static Task<Guid> EndAsync(BuilderStore store, string lane, bool exposed, long next, params (long Number, Guid? Owner)[] others) =>
        EndAsync(store, lane, exposed, next, owner: null, others);

    /// <summary>A payout on slot 10 goes on hold: a build failed for good.</summary>
    private static async Task<Guid> EndAsync(BuilderStore store, string lane, bool exposed, long next, Guid? owner, params (long Number, Guid? Owner)[] others)
    {
        var payout = store.Waiting(1);
        (payout.Channel, payout.SequenceNumber, payout.Exposed, payout.Attempt) = (Account(lane), 10, exposed, 1);
        await store.AddAsync(
            payout,
            new Channel { Account = Account(lane), NextSequence = next, OpenSlots = 1 + others.Length, LastUsedAt = store.Clock.GetUtcNow() },
            Slot(10, owner ?? payout.CorrelationId));
        await store.AddAsync(others.Select(x => Slot(x.Number, x.Owner)));
        await store.RaiseAsync(payout.CorrelationId, store.Machine.PayoutFailed, saga => new PayoutFailed
        {
            PayoutId = saga.Id, Attempt = 1, Stage = PayoutStage.Build, Code = FailureCode.ContractRefused, Detail = "no", Transient = false, Slot = saga.Slot!,
        });
        (await store.PayoutAsync(payout.CorrelationId)).CurrentState.ShouldBe(nameof(PayoutStateMachine.OnHold));
        return payout.CorrelationId;

        LaneSlot Slot(long number, Guid? of) => new() { Channel = Account(lane), SequenceNumber = number, PayoutId = of, LeasedAt = store.Clock.GetUtcNow() };
    }

    private static async Task<(long? Next, int Open, string Slots)> LaneOfAsync(BuilderStore store, string lane)
    {
        var channel = await store.ChannelAsync(Account(lane));
        var slots = await store.SlotsAsync(Account(lane));
        return (channel.NextSequence, channel.OpenSlots, string.Join(", ", slots.Select(x => $"{x.SequenceNumber} {(x.PayoutId is null ? "free" : "owned")}")));
    }
}
