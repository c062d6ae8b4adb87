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
        (lane.LeasedTo, lane.LeasedSequence, lane.NextSequence).ShouldBe((first.CorrelationId, 10, 11));
        (await store.OutboxAsync<BuildPayout>()).Select(x => (x.PayoutId, x.Attempt)).ShouldBe([(first.Id, 1), (second.Id, 1)], ignoreOrder: true);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_give_a_lane_as_deep_as_needed_when_execution_is_off()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite, Sample.Options(liveExecution: false));
        await store.AddAsync([.. Enumerable.Range(1, 5).Select(store.Waiting), Lane("a", 10, 1, store), Lane("b", 20, 2, store)]);

        await RunAsync(store, async () => await Probe.Until("all are leased", async _ => (await store.PayoutsAsync()).TrueForAll(x => x.Slot is not null)));

        (await store.PayoutsAsync()).OrderBy(x => x.RoundNumber).Select(x => x.SequenceNumber).ShouldBe([10, 20, 11, 21, 12]);
        (await store.ChannelAsync(Account("a"))).LeasedTo.ShouldBeNull("nothing waits for the ledger");
    }

    /// <summary>Returned means: the number is the lane's next one again. Only a number that nobody saw, and only the last one, is.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_return_a_number_only_when_never_exposed_and_last(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database);
        await ReleaseAsync(store, "unseen", exposed: false, next: 11);
        (await LeaseOfAsync(store, "unseen")).ShouldBe((null, null, 10L));

        await ReleaseAsync(store, "not last", exposed: false, next: 12);
        (await LeaseOfAsync(store, "not last")).ShouldBe((null, null, 12L), "somebody used the account past it: the number is behind the lane");

        var exposed = await ReleaseAsync(store, "exposed", exposed: true, next: 11);
        (await LeaseOfAsync(store, "exposed")).ShouldBe((exposed, 10L, 11L), "a signed envelope may exist");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_not_free_by_a_late_release_what_somebody_else_leases(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database);
        var next = Guid.CreateVersion7();
        await ReleaseAsync(store, "other payout", exposed: false, next: 12, leasedTo: next, leased: 11);
        (await LeaseOfAsync(store, "other payout")).ShouldBe((next, 11L, 12L));

        var same = Guid.CreateVersion7();
        await ReleaseAsync(store, "other number", exposed: false, next: 12, leasedTo: same, leased: 11, id: same);
        (await LeaseOfAsync(store, "other number")).ShouldBe((same, 11L, 12L));
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

    /// <summary>A payout on slot 10 goes on hold: a build failed for good.</summary>
    private static async Task<Guid> ReleaseAsync(BuilderStore store, string lane, bool exposed, long next, Guid? leasedTo = null, long leased = 10, Guid? id = null)
    {
        var payout = store.Waiting(1);
        payout.CorrelationId = id ?? payout.CorrelationId;
        (payout.Channel, payout.SequenceNumber, payout.Exposed, payout.Attempt) = (Account(lane), 10, exposed, 1);
        await store.AddAsync(payout, new Channel
        {
            Account = Account(lane), NextSequence = next, LeasedTo = leasedTo ?? payout.CorrelationId, LeasedSequence = leased, LastUsedAt = store.Clock.GetUtcNow(),
        });
        await store.RaiseAsync(payout.CorrelationId, store.Machine.PayoutFailed, saga => new PayoutFailed
        {
            PayoutId = saga.Id, Attempt = 1, Stage = PayoutStage.Build, Code = FailureCode.ContractRefused, Detail = "no", Transient = false, Slot = saga.Slot!,
        });
        (await store.PayoutAsync(payout.CorrelationId)).CurrentState.ShouldBe(nameof(PayoutStateMachine.OnHold));
        return payout.CorrelationId;
    }

    private static async Task<(Guid? LeasedTo, long? Leased, long? Next)> LeaseOfAsync(BuilderStore store, string lane)
    {
        var channel = await store.ChannelAsync(Account(lane));
        return (channel.LeasedTo, channel.LeasedSequence, channel.NextSequence);
    }
}
