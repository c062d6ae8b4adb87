using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Lanes;

/// <summary>A channel whose account shall be merged: it gets no new slot, those that it holds end, and what is drained stays so.</summary>
public sealed class When_a_channel_retires(Servers servers)
{
    private static readonly ChannelDecision Decision = new("Ana", "too many channels");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_give_it_no_new_slot_and_show_it_drained_when_the_open_ones_have_ended(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database, Sample.Options() with { LaneDepth = 2 });
        await store.AddAsync(Lane("a", 10, 1, store), Lane("b", 20, 2, store), store.Waiting(1));
        await LeaseAsync(store, 1);
        (await store.SlotsAsync(Account("a"))).ShouldHaveSingleItem();

        var retired = (await store.Desk().RetireAsync(Account("a"), Decision, Cancelled)).ShouldBeOfType<ChannelAnswer.Taken>().Channel;
        retired.StateAt(store.Clock.GetUtcNow(), 2).ShouldBe(ChannelState.Retiring);
        await store.AddAsync(store.Waiting(2), store.Waiting(3), store.Waiting(4));
        await LeaseAsync(store, 3);

        (await store.PayoutsAsync()).Where(x => x.RoundNumber > 1).OrderBy(x => x.RoundNumber).Select(x => x.SequenceNumber).ShouldBe([20, 21, null], "only the other lane is leased");
        var open = (await store.PayoutsAsync()).Single(x => x.Channel == Account("a"));
        (open.CurrentState, open.SequenceNumber).ShouldBe((nameof(PayoutStateMachine.Building), 10), "its open slot goes on");

        await ConfirmAsync(store, open);

        var drained = await store.ChannelAsync(Account("a"));
        (drained.OpenSlots, drained.StateAt(store.Clock.GetUtcNow(), 2)).ShouldBe((0, ChannelState.Drained));
        (drained.RetiredBy, drained.RetiredReason, drained.RetiringSince).ShouldBe(("Ana", "too many channels", store.Clock.GetUtcNow()));
        (await store.Desk().RetireAsync(Account("a"), new ChannelDecision("Ben", "again"), Cancelled)).ShouldBeOfType<ChannelAnswer.Taken>().Channel.RetiredBy.ShouldBe("Ana", "it was so already");
    }

    /// <summary>Its number stands in the way of a payout behind it; leased, it would be a new slot of a channel that gets none.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_burn_a_number_that_was_given_back_instead_of_leasing_it(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database, Sample.Options() with { LaneDepth = 3 });
        var behind = store.Waiting(1);
        (behind.CurrentState, behind.Attempt, behind.Channel, behind.SequenceNumber, behind.Exposed) = (nameof(PayoutStateMachine.AwaitingSignature), 1, Account("a"), 11, true);
        (behind.TransactionHash, behind.ValidUntil, behind.MaxLedger) = (new string('a', 64), store.Clock.GetUtcNow().AddDays(2), 99);
        var lane = Lane("a", 12, 1, store);
        lane.OpenSlots = 2;
        await store.AddAsync(
            lane, Lane("b", 20, 2, store), behind, store.Waiting(2),
            new LaneSlot { Channel = Account("a"), SequenceNumber = 10, LeasedAt = store.Clock.GetUtcNow() },
            new LaneSlot { Channel = Account("a"), SequenceNumber = 11, PayoutId = behind.CorrelationId, LeasedAt = store.Clock.GetUtcNow() });
        await store.Desk().RetireAsync(Account("a"), Decision, Cancelled);

        await LeaseAsync(store, 2);
        store.Clock.Advance(TimeSpan.FromSeconds(6));
        using var keeper = store.Keeper();
        await keeper.StepOnceAsync(Cancelled);

        (await store.PayoutsAsync()).Single(x => x.RoundNumber == 2).Slot.ShouldBe(new SequenceSlot { Channel = Account("b"), SequenceNumber = 20 });
        (await store.OutboxAsync<BurnSlot>()).ShouldHaveSingleItem().Slot.SequenceNumber.ShouldBe(10);
        (await store.ChannelAsync(Account("a"))).IsDrained.ShouldBeFalse();
    }

    /// <summary>Two replicas lease while it is retired: after the answer "drained" neither gives out another of its numbers, or a merged account would owe somebody.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_stay_drained_whoever_leases()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Postgres);
        await using var replica = await store.ReplicaAsync();
        await store.AddAsync([.. Enumerable.Range(0, 4).Select(i => Lane($"{i}", 100, i, store)), .. Enumerable.Range(1, 120).Select(store.Waiting)]);
        using var one = store.Dispatcher();
        using var two = replica.Dispatcher();
        await Task.WhenAll(one.StartAsync(Cancelled), two.StartAsync(Cancelled));
        long? drainedAt = null;

        await Probe.Until("every payout is paid", async token =>
        {
            var payouts = await store.PayoutsAsync();
            await Task.WhenAll(payouts.Where(x => x is { CurrentState: nameof(PayoutStateMachine.Building), Slot: not null }).Select(x => ConfirmAsync(store, x)));
            var paid = payouts.Count(x => x.CurrentState == nameof(PayoutStateMachine.Confirmed));
            if (paid > 20)
                await replica.Desk().RetireAsync(Account("0"), Decision, token);
            if (drainedAt is null && (await store.ChannelAsync(Account("0"))) is { IsDrained: true } drained)
                drainedAt = drained.NextSequence;
            return paid == 120;
        }, TimeSpan.FromSeconds(120));
        await Task.WhenAll(one.StopAsync(Cancelled), two.StopAsync(Cancelled));

        var numbers = (await store.OutboxAsync<BuildPayout>()).Where(x => x.Slot.Channel == Account("0")).Select(x => x.Slot.SequenceNumber).ToList();
        drainedAt.ShouldNotBeNull().ShouldBeGreaterThan(100, "it was in use before");
        numbers.Max().ShouldBe(drainedAt.Value - 1);
        (await store.ChannelAsync(Account("0"))).NextSequence.ShouldBe(drainedAt);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_keep_one_in_use_for_those_who_wait()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite);
        await store.AddAsync(Lane("a", 10, 1, store), Lane("b", 20, 2, store));
        await store.Desk().RetireAsync(Account("a"), Decision, Cancelled);

        (await store.Desk().RetireAsync(Account("b"), Decision, Cancelled)).ShouldBeOfType<ChannelAnswer.Refused>().Detail.ShouldContain("the last channel in use");
        (await store.Desk().RetireAsync("nobody", Decision, Cancelled)).ShouldBeOfType<ChannelAnswer.Unknown>();
        (await store.Desk().RetireAsync(Account("b"), new ChannelDecision("", "why"), Cancelled)).ShouldBeOfType<ChannelAnswer.Wrong>();
        (await store.Desk().RetireAsync(Account("b"), new ChannelDecision("Ana", new string('w', 501)), Cancelled)).ShouldBeOfType<ChannelAnswer.Wrong>();
        (await store.Desk().RetireAsync(Account("b"), new ChannelDecision(new string('A', 500), new string('w', 500)), Cancelled)).ShouldBeOfType<ChannelAnswer.Refused>("the words are right");
        (await store.Desk().KeepAsync(Account("a"), new ChannelDecision("Ana", "why", -1), Cancelled)).ShouldBeOfType<ChannelAnswer.Wrong>();
    }

    private static string Account(string lane) => When_slots_are_leased.Account(lane);

    private static Channel Lane(string name, long? next, int usedSecondsLater, BuilderStore store) => When_slots_are_leased.Lane(name, next, usedSecondsLater, store);

    private static Task LeaseAsync(BuilderStore store, int leased) => When_slots_are_leased.RunAsync(store, async () =>
        await Probe.Until($"{leased} hold a slot", async _ => (await store.PayoutsAsync()).Count(x => x.Slot is not null) == leased));

    private static Task ConfirmAsync(BuilderStore store, Payout payout)
    {
        store.Signal.Set();
        return store.RaiseAsync(payout.CorrelationId, store.Machine.PayoutConfirmed, saga => new PayoutConfirmed
        {
            PayoutId = saga.Id, Attempt = saga.Attempt, Slot = saga.Slot!, TransactionHash = new string('a', 64), Ledger = 5, Paid = saga.Amount,
        });
    }
}
