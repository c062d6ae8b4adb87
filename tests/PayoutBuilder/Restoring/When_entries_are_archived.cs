using Microsoft.EntityFrameworkCore;
using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Restoring;

/// <summary>The network wants archived entries restored by a transaction of its own before a payout can be built.</summary>
public sealed class When_entries_are_archived(Servers servers)
{
    private const string RestoreXdr = "AAAA";

    /// <summary>The ledger's clock is not the service's.</summary>
    private static readonly DateTimeOffset LedgerEnd = new(2026, 7, 1, 18, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_spend_the_slot_on_restoring_and_build_on_the_next(string database)
    {
        await using var store = await CreateAsync(database);
        var payout = await PlannedAsync(store, 1);
        var build = await LeasedAsync(store, payout);

        await store.RaiseAsync(payout, store.Machine.PayoutFailed, Archived);

        var burn = (await store.OutboxAsync<BurnSlot>()).ShouldHaveSingleItem();
        (burn.Slot, burn.RestoreXdr, burn.FeeStroops, burn.Envelopes.Count).ShouldBe((build.Slot, RestoreXdr, store.Options.BurnFeeStroops, 0));
        var waiting = await store.PayoutAsync(payout);
        (waiting.CurrentState, waiting.Slot, waiting.Exposed).ShouldBe((nameof(PayoutStateMachine.Building), build.Slot, true), "its number must not go to another");
        (burn.ValidUntil, waiting.BurnUntil).ShouldBe((LedgerEnd, store.Clock.GetUtcNow().AddMinutes(5)), "the envelope's end by the ledger's clock, the timer by the service's own");

        await store.RaiseAsync(payout, store.Machine.SlotBurned, Burned);
        store.Clock.Advance(store.Options.ChannelRest);
        var next = await LeasedAsync(store, payout);

        (next.Slot.SequenceNumber, next.Attempt).ShouldBe((build.Slot.SequenceNumber + 1, 2));
        await store.RaiseAsync(payout, store.Machine.PayoutBuilt, Built);
        (await store.OutboxAsync<SignPayout>()).ShouldHaveSingleItem().Slot.ShouldBe(next.Slot);
        (await store.PayoutAsync(payout)).CountedBuilds.ShouldBe(1, "a build that only found archived entries uses up no attempt");
    }

    /// <summary>The ledger's clock stands still between two ledgers; the service's, with the network's time, does not.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_live_as_long_as_its_timer_when_no_ledger_has_closed_for_a_while()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        var payout = await PlannedAsync(store, 1);
        await LeasedAsync(store, payout);

        await store.RaiseAsync(payout, store.Machine.PayoutFailed, saga => Archived(saga) with { RestoreValidUntil = store.Clock.GetUtcNow() });

        (await store.OutboxAsync<BurnSlot>()).ShouldHaveSingleItem().ValidUntil.ShouldBe(store.Clock.GetUtcNow().AddMinutes(5));
    }

    /// <summary>Twice by a broker, or once more by a build that was asked for twice.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_be_asked_for_once_however_often_it_is_said()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        var payout = await PlannedAsync(store, 1);
        await LeasedAsync(store, payout);
        await store.RaiseAsync(payout, store.Machine.PayoutFailed, Archived);

        await store.RaiseAsync(payout, store.Machine.PayoutFailed, Archived);

        (await store.OutboxAsync<BurnSlot>()).Count.ShouldBe(1);
        (await store.PayoutAsync(payout)).Restores.ShouldBe(1);
    }

    /// <summary>Somebody else restored them meanwhile: the build that says so is signed, and the ledger takes it or the restoring transaction.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_take_a_build_that_came_after_all_and_a_new_slot_when_the_restoring_was_first()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        var payout = await PlannedAsync(store, 1);
        await LeasedAsync(store, payout);
        await store.RaiseAsync(payout, store.Machine.PayoutFailed, Archived);
        await store.RaiseAsync(payout, store.Machine.PayoutBuilt, Built);
        (await store.PayoutAsync(payout)).CurrentState.ShouldBe(nameof(PayoutStateMachine.AwaitingSignature));

        await store.RaiseAsync(payout, store.Machine.SlotBurned, Burned);

        var freed = await store.PayoutAsync(payout);
        (freed.CurrentState, freed.Slot).ShouldBe((nameof(PayoutStateMachine.Building), null));
    }

    /// <summary>The restoring envelope died unheard: built again on the same number, which the earlier one can no longer take, or asked for anew.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_be_built_again_on_its_slot_when_the_restoring_was_not_heard_of()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        var payout = await PlannedAsync(store, 1);
        var build = await LeasedAsync(store, payout);
        await store.RaiseAsync(payout, store.Machine.PayoutFailed, Archived);
        await WakeAsync(store, TimeSpan.FromMinutes(5));
        (await store.OutboxAsync<BuildPayout>()).Count.ShouldBe(1, "it may still be heard of");

        await WakeAsync(store, TimeSpan.FromSeconds(5));

        (await store.OutboxAsync<BuildPayout>()).ConvertAll(x => (x.Slot, x.Attempt)).ShouldBe([(build.Slot, 1), (build.Slot, 2)]);
        await store.RaiseAsync(payout, store.Machine.PayoutFailed, Archived);
        var burns = await store.OutboxAsync<BurnSlot>();
        burns.ConvertAll(x => x.Slot).ShouldBe([build.Slot, build.Slot]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_go_on_hold_when_it_is_asked_for_again_and_again_and_try_anew_when_a_human_says_so()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        var payout = await PlannedAsync(store, 1);
        for (var i = 0; i < store.Options.RestoresMax; i++)
            await RestoredAsync(store, payout);

        await LeasedAsync(store, payout);
        await store.RaiseAsync(payout, store.Machine.PayoutFailed, Archived);

        var held = await store.PayoutAsync(payout);
        (held.CurrentState, held.HoldCode, held.Slot).ShouldBe((nameof(PayoutStateMachine.OnHold), FailureCode.EntryArchived, null));
        held.HoldDetail!.ShouldEndWith("restoring was asked for 3 times, in vain");
        (await store.OutboxAsync<BurnSlot>()).Count.ShouldBe(store.Options.RestoresMax);

        await store.RaiseAsync(payout, store.Machine.RetryPayout, saga => new RetryPayout { PayoutId = saga.Id, By = "an operator", Reason = "the fee account is funded" });
        await RestoredAsync(store, payout);
        (await store.OutboxAsync<BurnSlot>()).Count.ShouldBe(store.Options.RestoresMax + 1);
    }

    /// <summary>What is asked for in vain on a slot that may be consumed leaves the slot to be burned.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_burn_the_slot_of_the_last_restoring_that_nobody_heard_of()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        var payout = await PlannedAsync(store, 1);
        await LeasedAsync(store, payout);
        for (var i = 0; i <= store.Options.RestoresMax; i++)
        {
            await store.RaiseAsync(payout, store.Machine.PayoutFailed, Archived);
            await WakeAsync(store, TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(5));
        }

        (await store.PayoutAsync(payout)).CurrentState.ShouldBe(nameof(PayoutStateMachine.OnHold));
        var burns = await store.OutboxAsync<BurnSlot>();
        burns.ConvertAll(x => x.RestoreXdr is not null).ShouldBe([true, true, true, false, false], "three in vain, the burn, and the burn again");
        burns.Select(x => x.Slot).Distinct().Count().ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_cancelled_when_the_slot_is_consumed()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite);
        var payout = await PlannedAsync(store, 1);
        await LeasedAsync(store, payout);
        await store.RaiseAsync(payout, store.Machine.PayoutFailed, Archived);

        await store.RaiseAsync(payout, store.Machine.CancelPayout, saga => new CancelPayout { PayoutId = saga.Id, By = "an operator", Reason = "not owed" });
        (await store.PayoutAsync(payout)).CurrentState.ShouldBe(nameof(PayoutStateMachine.OnHold));
        await store.RaiseAsync(payout, store.Machine.SlotBurned, Burned);

        (await store.PayoutAsync(payout)).CurrentState.ShouldBe(nameof(PayoutStateMachine.Cancelled));
    }

    /// <summary>One restoring for all of them, and then they go together; who leads next does not begin the count anew.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_restore_once_for_a_group_and_keep_it_together()
    {
        await using var store = await CreateAsync(BuilderStore.Sqlite, recipients: 8);
        var payouts = new List<Guid>();
        for (var i = 1; i <= 4; i++)
            payouts.Add(await PlannedAsync(store, i));
        (await LeasedAsync(store, payouts[0])).Order.Others!.Count.ShouldBe(3);

        await store.RaiseAsync(payouts[0], store.Machine.PayoutFailed, Archived);
        (await store.PayoutsAsync()).Count(x => x.CurrentState == nameof(PayoutStateMachine.Grouped)).ShouldBe(3);
        await store.RaiseAsync(payouts[0], store.Machine.SlotBurned, Burned);

        (await store.PayoutsAsync()).ShouldAllBe(x => x.CurrentState == nameof(PayoutStateMachine.Building) && x.Slot == null && x.LeaderId == null && x.GroupSizeMax == null && x.Restores == 1);
        (await store.OutboxAsync<BurnSlot>()).ShouldHaveSingleItem().Order.Others!.Count.ShouldBe(3);
        store.Clock.Advance(store.Options.ChannelRest);
        (await LeasedAsync(store, payouts[0])).Order.Others!.Count.ShouldBe(3, "restoring halves nothing");
    }

    /// <summary>Its number comes after one whose signature does not come: the ledger would not take it before it expires.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_not_wait_behind_an_unsigned_payout_for_longer_than_it_lives(string database)
    {
        await using var store = await CreateAsync(database, depth: 2);
        var head = await PlannedAsync(store, 1);
        var behind = await PlannedAsync(store, 2);
        var first = await LeasedAsync(store, head);
        await store.RaiseAsync(head, store.Machine.PayoutBuilt, Built);
        await LeasedAsync(store, behind);
        await store.RaiseAsync(behind, store.Machine.PayoutFailed, Archived);

        store.Clock.Advance(store.Options.LaneHeadWait - TimeSpan.FromSeconds(2));
        await KeepAsync(store);
        (await store.OutboxAsync<BurnSlot>()).Count.ShouldBe(1, "it has not waited long enough");
        store.Clock.Advance(TimeSpan.FromSeconds(2));
        await KeepAsync(store);

        var burns = await store.OutboxAsync<BurnSlot>();
        burns.Count.ShouldBe(2);
        (burns[1].PayoutId.Value, burns[1].Slot, burns[1].RestoreXdr).ShouldBe((head, first.Slot, null));
    }

    private Task<BuilderStore> CreateAsync(string database, int recipients = 1, int depth = 1) => StoreAsync(database, Sample.Options(channels: [Sample.Key("lane").AccountId]) with
    {
        Contract = new PayoutContractCall(Sample.Contract, "distribute", PayoutArgumentLayout.Parse(
            recipients == 1 ? PayoutArgumentLayout.DefaultText : "ctx:symbol, pool_id:u32, round_id:u32, payouts:list, currency:symbol")),
        RecipientsMax = recipients,
        LaneDepth = depth,
    });

    private async Task<BuilderStore> StoreAsync(string database, BuilderOptions options)
    {
        var store = await BuilderStore.CreateAsync(servers, database, options);
        await store.AddAsync(new Channel { Account = Sample.Account("lane"), NextSequence = 10, LastUsedAt = store.Clock.GetUtcNow() });
        return store;
    }

    private static async Task<Guid> PlannedAsync(BuilderStore store, int number)
    {
        var payout = store.Waiting(number);
        (payout.RoundNumber, payout.Winner, payout.PlannedAt) = (1, Sample.Account($"winner {number}"), store.Clock.GetUtcNow().AddSeconds(number - 100));
        await store.AddAsync(payout);
        return payout.CorrelationId;
    }

    /// <summary>Leases whatever is free; the payout's latest command to build.</summary>
    private static async Task<BuildPayout> LeasedAsync(BuilderStore store, Guid payout)
    {
        using var dispatcher = store.Dispatcher();
        while (await dispatcher.StepOnceAsync(Cancelled))
        {
        }

        return (await store.OutboxAsync<BuildPayout>()).Where(x => x.PayoutId.Value == payout).MaxBy(x => x.Attempt).ShouldNotBeNull();
    }

    private static async Task RestoredAsync(BuilderStore store, Guid payout)
    {
        await LeasedAsync(store, payout);
        await store.RaiseAsync(payout, store.Machine.PayoutFailed, Archived);
        await store.RaiseAsync(payout, store.Machine.SlotBurned, Burned);
        store.Clock.Advance(store.Options.ChannelRest);
    }

    private static async Task WakeAsync(BuilderStore store, TimeSpan later)
    {
        store.Clock.Advance(later);
        foreach (var due in await store.ReadAsync((db, token) => db.Payouts.AsNoTracking().Where(x => x.WakeAt <= store.Clock.GetUtcNow()).ToListAsync(token)))
            await store.RaiseAsync(due.CorrelationId, store.Machine.DeadlineReached, saga => new DeadlineReached { PayoutId = saga.Id });
    }

    private static async Task KeepAsync(BuilderStore store)
    {
        using var keeper = store.Keeper();
        await keeper.StepOnceAsync(Cancelled);
    }

    private static PayoutFailed Archived(Payout saga) => new()
    {
        PayoutId = saga.Id, Attempt = saga.Attempt, Stage = PayoutStage.Build, Code = FailureCode.EntryArchived, Detail = "archived entries that the call needs: 1", Transient = false,
        Slot = saga.Slot!, RestoreXdr = RestoreXdr, RestoreValidUntil = LedgerEnd,
    };

    private static PayoutBuilt Built(Payout saga) => new()
    {
        PayoutId = saga.Id, Attempt = saga.Attempt, Slot = saga.Slot!, TransactionHash = new string('a', 64), UnsignedXdr = "AAAA", FeeStroops = 200,
        ValidUntil = new DateTimeOffset(2026, 7, 1, 13, 0, 0, TimeSpan.Zero), MaxLedger = 99,
    };

    private static SlotBurned Burned(Payout saga) => new() { PayoutId = saga.Id, Attempt = saga.Attempt, Slot = saga.Slot!, TransactionHash = new string('b', 64), Ledger = 6 };
}
