using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Lanes;

/// <summary>A lane of several slots whose first one keeps signed payouts behind it from the ledger.</summary>
public sealed class When_a_lane_stands_still(Servers servers)
{
    private static readonly string Account = Sample.Account("lane");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_burn_the_unsigned_head_when_a_signed_one_has_waited_long_enough(string database)
    {
        await using var store = await CreateAsync(database);
        var head = await PayoutAsync(store, 10, nameof(PayoutStateMachine.AwaitingSignature));
        var second = await PayoutAsync(store, 11, nameof(PayoutStateMachine.AwaitingSignature));
        await PayoutAsync(store, 12, nameof(PayoutStateMachine.Submitting));

        store.Clock.Advance(store.Options.LaneHeadWait - TimeSpan.FromTicks(10));
        await RunAsync(store);
        (await store.OutboxAsync<BurnSlot>()).ShouldBeEmpty("it has not waited long enough");

        store.Clock.Advance(TimeSpan.FromTicks(10));
        await RunAsync(store);
        await RunAsync(store);
        (await store.OutboxAsync<BurnSlot>()).ShouldHaveSingleItem("asked once").Slot.SequenceNumber.ShouldBe(10);
        (await store.PayoutAsync(head)).CurrentState.ShouldBe(nameof(PayoutStateMachine.AwaitingSignature), "its signature may still be faster");

        await store.RaiseAsync(head, store.Machine.SlotBurned, Burned);
        var freed = await store.PayoutAsync(head);
        (freed.CurrentState, freed.Slot).ShouldBe((nameof(PayoutStateMachine.Building), null));
        await RunAsync(store);
        (await store.OutboxAsync<BurnSlot>()).Select(x => (x.PayoutId.Value, x.Slot.SequenceNumber)).ShouldBe([(head, 10L), (second, 11L)], "now the next one stands in the way");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_ask_again_when_the_burning_envelope_died_unheard()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        await PayoutAsync(store, 10, nameof(PayoutStateMachine.Building));
        await PayoutAsync(store, 11, nameof(PayoutStateMachine.AwaitingConfirmation));
        store.Clock.Advance(store.Options.LaneHeadWait);
        await RunAsync(store);

        store.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        await RunAsync(store);

        (await store.OutboxAsync<BurnSlot>()).Count.ShouldBe(2);
    }

    /// <summary>Nobody has seen an envelope of it, but the burning may take the number: given back, the next payout would find it consumed.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_not_give_back_a_number_that_is_being_burned()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        var head = await PayoutAsync(store, 10, nameof(PayoutStateMachine.Building));
        await PayoutAsync(store, 11, nameof(PayoutStateMachine.Submitting));
        await store.SqlAsync("update payouts set exposed = 0 where sequence_number = 10");
        store.Clock.Advance(store.Options.LaneHeadWait);
        await RunAsync(store);
        (await store.OutboxAsync<BurnSlot>()).ShouldHaveSingleItem();

        await store.RaiseAsync(head, store.Machine.CancelPayout, saga => new CancelPayout { PayoutId = saga.Id, By = "an operator", Reason = "not wanted" });

        var waiting = await store.PayoutAsync(head);
        (waiting.CurrentState, waiting.SequenceNumber).ShouldBe((nameof(PayoutStateMachine.OnHold), 10L));
        await store.RaiseAsync(head, store.Machine.SlotBurned, Burned);
        var ended = await store.PayoutAsync(head);
        (ended.CurrentState, ended.Slot).ShouldBe((nameof(PayoutStateMachine.Cancelled), null));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_have_nothing_left_to_burn_when_the_payment_was_first()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        var head = await PayoutAsync(store, 10, nameof(PayoutStateMachine.AwaitingSignature));
        await PayoutAsync(store, 11, nameof(PayoutStateMachine.Submitting));
        store.Clock.Advance(store.Options.LaneHeadWait);
        await RunAsync(store);
        (await store.PayoutAsync(head)).BurnUntil.ShouldNotBeNull();

        await store.RaiseAsync(head, store.Machine.PayoutConfirmed, saga => new PayoutConfirmed
        {
            PayoutId = saga.Id, Attempt = 1, Slot = saga.Slot!, TransactionHash = saga.TransactionHash!, Ledger = 6, Paid = saga.Amount,
        });

        var paid = await store.PayoutAsync(head);
        (paid.CurrentState, paid.BurnUntil, paid.WakeAt).ShouldBe((nameof(PayoutStateMachine.Confirmed), null, null), "its slot is consumed");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_leave_a_lane_alone_in_which_nobody_signed_waits()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        await PayoutAsync(store, 10, nameof(PayoutStateMachine.AwaitingSignature));
        await PayoutAsync(store, 11, nameof(PayoutStateMachine.AwaitingSignature));
        store.Clock.Advance(TimeSpan.FromDays(1));

        await RunAsync(store);

        (await store.OutboxAsync<BurnSlot>()).ShouldBeEmpty("the signer may take its time");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_burn_a_number_that_nobody_wants_when_others_wait_behind_it(string database)
    {
        await using var store = await CreateAsync(database, openSlots: 2);
        await store.AddAsync(new LaneSlot { Channel = Account, SequenceNumber = 10, LeasedAt = store.Clock.GetUtcNow() });
        var behind = await PayoutAsync(store, 11, nameof(PayoutStateMachine.AwaitingSignature));
        store.Clock.Advance(TimeSpan.FromMinutes(1));
        await RunAsync(store);
        await RunAsync(store);
        var burn = (await store.OutboxAsync<BurnSlot>()).ShouldHaveSingleItem();
        (burn.PayoutId.Value, burn.Slot.SequenceNumber, burn.Envelopes.Count).ShouldBe((behind, 10L, 0));

        await store.RaiseAsync(behind, store.Machine.SlotBurned, saga => Burned(saga) with { Slot = burn.Slot });

        (await store.SlotsAsync(Account)).ShouldHaveSingleItem().SequenceNumber.ShouldBe(11);
        (await store.ChannelAsync(Account)).OpenSlots.ShouldBe(1);
        (await store.PayoutAsync(behind)).CurrentState.ShouldBe(nameof(PayoutStateMachine.AwaitingSignature), "it was not its own slot");
    }

    private async Task<BuilderStore> CreateAsync(string database, int openSlots = 3)
    {
        var store = await BuilderStore.CreateAsync(servers, database, Sample.Options() with { LaneDepth = 3 });
        await store.AddAsync(new Channel { Account = Account, NextSequence = 13, OpenSlots = openSlots, LastUsedAt = store.Clock.GetUtcNow() });
        return store;
    }

    private static async Task<Guid> PayoutAsync(BuilderStore store, long number, string state)
    {
        var payout = store.Waiting((int)number);
        (payout.CurrentState, payout.Attempt, payout.Channel, payout.SequenceNumber, payout.Exposed) = (state, 1, Account, number, true);
        (payout.TransactionHash, payout.ValidUntil, payout.MaxLedger) = (new string('a', 64), store.Clock.GetUtcNow().AddDays(2), 99);
        await store.AddAsync(payout, new LaneSlot { Channel = Account, SequenceNumber = number, PayoutId = payout.CorrelationId, LeasedAt = store.Clock.GetUtcNow() });
        return payout.CorrelationId;
    }

    private static SlotBurned Burned(Payout saga) => new() { PayoutId = saga.Id, Attempt = 1, Slot = saga.Slot!, TransactionHash = new string('b', 64), Ledger = 6 };

    private static async Task RunAsync(BuilderStore store)
    {
        using var keeper = store.Keeper();
        await keeper.StepOnceAsync(Cancelled);
    }
}
