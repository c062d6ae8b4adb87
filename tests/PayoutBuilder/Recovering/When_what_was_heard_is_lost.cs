using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Builder.Authorizing;
using Payouts.Builder.Lanes;
using Payouts.Builder.Planning;
using Payouts.Builder.Recovering;
using Payouts.Builder.Saga;
using Payouts.Builder.Tests.Support;
using Payouts.Contracts;
using Payouts.Tests.Support;

namespace Payouts.Builder.Tests.Recovering;

/// <summary>An old backup was put back somewhere, or a queue is gone: nobody will say again what a payout waits for.</summary>
public sealed class When_what_was_heard_is_lost(Servers servers)
{
    private static readonly string Lane = Sample.Account("channel");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Submitted, and payout-submitter does not know it any more: the ledger is asked through the slot, and when nothing was applied it is built again there.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(nameof(PayoutStateMachine.Submitting))]
    [InlineData(nameof(PayoutStateMachine.AwaitingConfirmation))]
    public async Task Should_ask_the_ledger_itself_after_a_while(string state)
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite);
        var payout = await SignedAsync(store);
        if (state == nameof(PayoutStateMachine.AwaitingConfirmation))
            await store.RaiseAsync(payout, store.Machine.PayoutSubmitted, saga => new PayoutSubmitted { PayoutId = saga.Id, Attempt = saga.Attempt, TransactionHash = saga.TransactionHash!, Ledger = 5 });
        using var pump = new DeadlinePump(store.Units, store.Machine, store.Signal, store.Clock, NullLogger<DeadlinePump>.Instance);

        store.Clock.Advance(TimeSpan.FromMinutes(9));
        await pump.StepOnceAsync(Cancelled);
        (await store.OutboxAsync<WatchSlot>()).ShouldBeEmpty("its envelope ended a moment ago, and payout-submitter is about to say how");

        store.Clock.Advance(TimeSpan.FromMinutes(2));
        await pump.StepOnceAsync(Cancelled);
        await pump.StepOnceAsync(Cancelled);
        var asked = (await store.OutboxAsync<WatchSlot>()).ShouldHaveSingleItem("once, and again only after another while");
        asked.Envelopes.ShouldBe([new string('a', 64)]);
        (await store.PayoutAsync(payout)).CurrentState.ShouldBe(state);

        await store.RaiseAsync(payout, store.Machine.SlotProvenUnused, _ => new SlotProvenUnused
        {
            PayoutId = asked.PayoutId, Attempt = asked.Attempt, Slot = asked.Slot, ValidUntil = asked.ValidUntil, MaxLedger = asked.MaxLedger, ProvenAtLedger = 98,
        });
        var again = await store.PayoutAsync(payout);
        (again.CurrentState, again.Attempt, again.SequenceNumber, again.Exposed).ShouldBe((nameof(PayoutStateMachine.Building), 2, 10, false));
        (await store.OutboxAsync<BuildPayout>()).Count.ShouldBe(2);
    }

    /// <summary>payout-signer may remember builds that the restored rows do not: new ones are numbered behind them, and count no more against the payout than before.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData(BuilderStore.Sqlite)]
    [InlineData(BuilderStore.Postgres)]
    public async Task Should_look_at_everything_anew_after_a_restore(string database)
    {
        await using var store = await BuilderStore.CreateAsync(servers, database);
        var submitted = await SignedAsync(store);
        var (waiting, paid) = (store.Waiting(2), store.Waiting(3));
        (paid.CurrentState, paid.Attempt) = (nameof(PayoutStateMachine.Confirmed), 1);
        await store.AddAsync(waiting, paid);

        (await new Recovery(store.Units).RunAsync(Cancelled)).ShouldBe(2, "what has ended is left alone");

        var recovered = await store.PayoutAsync(submitted);
        (recovered.Attempt, recovered.CountedBuilds, recovered.WakeAt).ShouldBe((1 + RecoverySteps.AttemptsSkipped, 1, store.Clock.GetUtcNow()));
        (recovered.CurrentState, recovered.SequenceNumber).ShouldBe((nameof(PayoutStateMachine.Submitting), 10), "what may be on the ledger is given up by nobody");
        var history = await store.ReadAsync((db, _) => Task.FromResult(db.Transitions.Where(x => x.PayoutId == submitted).OrderBy(x => x.Number).Last()));
        (history.Event, history.FromState, history.ToState, history.Number).ShouldBe(("Recovered", "Submitting", "Submitting", recovered.Version));
        var other = await store.PayoutAsync(waiting.CorrelationId);
        (other.Attempt, other.CountedBuilds, other.WakeAt).ShouldBe((RecoverySteps.AttemptsSkipped, 0, null));
        (await store.PayoutAsync(paid.CorrelationId)).Attempt.ShouldBe(1);

        using var dispatcher = store.Dispatcher();
        while (await dispatcher.StepOnceAsync(Cancelled))
        {
        }

        (await store.OutboxAsync<BuildPayout>()).Count.ShouldBe(1, "the channel's number is what the backup says, and the ledger may be ahead: nobody gets it before the ledger was read");
        (await store.ChannelAsync(Lane)).StateAt(store.Clock.GetUtcNow(), depth: 2).ShouldBe(ChannelState.Unread);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_look_at_more_than_200_payouts()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite);
        await store.AddAsync(Enumerable.Range(1, 401).Select(store.Waiting));

        (await new Recovery(store.Units).RunAsync(Cancelled)).ShouldBe(401);

        (await store.PayoutsAsync()).ShouldAllBe(x => x.Attempt == RecoverySteps.AttemptsSkipped && x.Version == 1);
    }

    /// <summary>Sent to the ledger by a life that is forgotten, unsigned in this one, or on hold until the ledger tells.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_ask_each_state_what_it_needs()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite);
        var now = store.Clock.GetUtcNow();
        var building = At(nameof(PayoutStateMachine.Building), slot: true);
        var signing = At(nameof(PayoutStateMachine.AwaitingSignature), slot: true);
        var held = At(nameof(PayoutStateMachine.OnHold), slot: false, FailureCode.AlreadyPaid);
        var stopped = At(nameof(PayoutStateMachine.OnHold), slot: false, FailureCode.Operator);
        var authorizing = At(nameof(PayoutStateMachine.Authorizing), slot: false);
        (authorizing.AuthorizationHash, authorizing.AuthorizedUntil, authorizing.WakeAt) = (new string('c', 64), 5000, now.AddDays(3));

        foreach (var payout in new[] { building, signing, held, stopped, authorizing })
            payout.Recover(now);

        (building.WakeAt, building.CountedBuilds).ShouldBe((now, 1), "what the disaster costs is not its own failure");
        (signing.WakeAt, signing.CountedBuilds).ShouldBe((now, 1));
        held.WakeAt.ShouldBe(now);
        stopped.WakeAt.ShouldBeNull("a human decides");
        (authorizing.AuthorizationHash, authorizing.AuthorizedUntil, authorizing.WakeAt).ShouldBe((null, 5000u, null), "the same authorization is asked for again, no other");

        Payout At(string state, bool slot, FailureCode? code = null)
        {
            var payout = store.Waiting(1);
            (payout.CurrentState, payout.Attempt, payout.HoldCode) = (state, 2, code);
            if (slot)
                (payout.Channel, payout.SequenceNumber, payout.WakeAt) = (Lane, 10, now.AddMinutes(5));
            return payout;
        }
    }

    /// <summary>rounds was restored and has a debt as open that is paid: it announces it again, and hears its end again.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_answer_a_debt_that_is_announced_again_with_its_end()
    {
        await using var store = await BuilderStore.CreateAsync(servers, BuilderStore.Sqlite);
        var planner = new PayoutPlanner(store.Machine, store.Options, store.Signal, new AuthorizationSignal(), NullLogger<PayoutPlanner>.Instance);
        var round = Sample.Round(1, ("paid", 10_000_000), ("open", 20_000_000));
        await PlanAsync();
        await store.SqlAsync($"update payouts set current_state = 'Confirmed', transaction_hash = '{new string('a', 64)}', ledger = 5 where winner = '{Sample.Account("paid")}'");
        (await store.OutboxAsync<PayoutSettled>()).ShouldBeEmpty();

        await PlanAsync();

        var told = (await store.OutboxAsync<PayoutSettled>()).ShouldHaveSingleItem();
        (told.Winner, told.Outcome, told.Paid, told.TransactionHash, told.Ledger).ShouldBe((Sample.Account("paid"), PayoutOutcome.Confirmed, new Stroops(10_000_000), new string('a', 64), 5u));
        (await store.PayoutsAsync()).Count.ShouldBe(2, "each debt is one payout, however often it is announced");

        Task PlanAsync() => store.Units.RunAsync(async unit =>
        {
            await planner.PlanAsync([round], unit, Cancelled);
            return true;
        }, Cancelled);
    }

    /// <summary>A payout on slot 10 whose signature came, valid for five minutes.</summary>
    private static async Task<Guid> SignedAsync(BuilderStore store)
    {
        await store.AddAsync(store.Waiting(1), new Channel { Account = Lane, NextSequence = 10, LastUsedAt = store.Clock.GetUtcNow() });
        using var dispatcher = store.Dispatcher();
        while (await dispatcher.StepOnceAsync(Cancelled))
        {
        }

        var payout = (await store.OutboxAsync<BuildPayout>()).ShouldHaveSingleItem().PayoutId.Value;
        await store.RaiseAsync(payout, store.Machine.PayoutBuilt, saga => new PayoutBuilt
        {
            PayoutId = saga.Id, Attempt = saga.Attempt, Slot = saga.Slot!, TransactionHash = new string('a', 64), UnsignedXdr = "AAAA", FeeStroops = 200,
            ValidUntil = store.Clock.GetUtcNow().AddMinutes(5), MaxLedger = 99,
        });
        await store.RaiseAsync(payout, store.Machine.PayoutSigned, saga => new PayoutSigned { PayoutId = saga.Id, Attempt = saga.Attempt, TransactionHash = saga.TransactionHash!, SignedXdr = "AAAA" });
        return payout;
    }
}
