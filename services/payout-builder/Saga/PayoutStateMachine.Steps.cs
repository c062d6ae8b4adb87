using MassTransit;
using Payouts.Builder.Lanes;
using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <content>What several cells of the machine do alike: hold, burn, lose the slot, ask for evidence.</content>
public sealed partial class PayoutStateMachine
{
    private void Correlate<T>(System.Linq.Expressions.Expression<Func<Event<T>>> @event, Func<T, PayoutId> payoutId, bool local = false)
        where T : class =>
        Event(@event, correlation =>
        {
            correlation.CorrelateById(context => payoutId(context.Message).Value);
            // A payout is written before anything about it is sent, so an unknown one is somebody's mistake: keep the message.
            correlation.OnMissingInstance(missing => missing.Fault());
            correlation.ConfigureConsumeTopology = !local;
        });

    private EventActivityBinder<Payout, T> Hold<T>(EventActivityBinder<Payout, T> binder, Func<BehaviorContext<Payout, T>, (PayoutStage, FailureCode, string)> why)
        where T : class => AskIfSaidToBePaid(binder
        .Then(x => x.Saga.Hold(why(x)))
        .If(x => MaySplit(x.Saga), group => group.Then(x => x.Saga.Narrow()))
        .If(x => !x.Saga.Exposed, unseen => EndGroup(unseen, GroupOutcome.Free).Then(x => Lanes(x).Returned(x.Saga)))
        .Publish(x => x.Saga.OnHoldEvent())
        .TransitionTo(OnHold));

    /// <summary>
    /// A human decides, and meanwhile the lane must not stand still: the slot of an envelope that nobody brought to the ledger is burned, or given
    /// back as soon as it is proven unused.
    /// </summary>
    private EventActivityBinder<Payout, T> HoldAndBurn<T>(
        EventActivityBinder<Payout, T> binder, Func<BehaviorContext<Payout, T>, (PayoutStage, FailureCode, string)> why)
        where T : class => Hold(binder, why)
        .If(x => x.Saga is { Exposed: true, Slot: not null }, EndSlot);

    /// <summary>Burns the slot of an envelope that may be signed; without its account's key, waits until the ledger shows that it can be applied no more.</summary>
    private EventActivityBinder<Payout, T> EndSlot<T>(EventActivityBinder<Payout, T> binder)
        where T : class => binder.IfElse(x => _options.CanBurn(x.Saga.Channel!), BurnSlot, WatchSlot);

    private static EventActivityBinder<Payout, T> WatchSlot<T>(EventActivityBinder<Payout, T> binder)
        where T : class => binder
        .Then(x => x.Saga.SlotWatched = true)
        .Publish(x => x.Saga.WatchCommand());

    private static EventActivityBinder<Payout, SlotProvenUnused> NoteProof(EventActivityBinder<Payout, SlotProvenUnused> binder) => binder
        .Then(x => x.Note($"slot {x.Message.Slot.Channel}/{x.Message.Slot.SequenceNumber} is unused at ledger {x.Message.ProvenAtLedger}, and the time of its envelopes is over: none can be applied any more"));

    /// <summary>The slot's number is unused, and nothing that was handed out on it can use it: the next payout may have it.</summary>
    private EventActivityBinder<Payout, SlotProvenUnused> GiveBack(EventActivityBinder<Payout, SlotProvenUnused> binder) =>
        EndGroup(binder, GroupOutcome.Free).Then(x => Lanes(x).Returned(x.Saga));

    /// <summary>Its envelope was never applied: same slot, new envelope.</summary>
    private EventActivityBinder<Payout, T> BuildAfterExpiry<T>(EventActivityBinder<Payout, T> dead)
        where T : class => BuildAgain(dead, x => (PayoutStage.Confirm, FailureCode.AttemptsExhausted, $"{x.Saga.CountedBuilds} envelopes expired unapplied"));

    /// <summary>Same slot, new envelope, as often as the attempts allow.</summary>
    private EventActivityBinder<Payout, T> BuildAgain<T>(EventActivityBinder<Payout, T> binder, Func<BehaviorContext<Payout, T>, (PayoutStage, FailureCode, string)> whyNotAgain)
        where T : class => binder.IfElse(x => x.Saga.CountedBuilds < _options.AttemptsMax,
        again => again
            .Then(x => x.Saga.NextAttempt(x.Now()))
            .Publish(x => x.Saga.BuildCommand())
            .TransitionTo(Building),
        hold => HoldAndBurn(hold, whyNotAgain));

    private EventActivityBinder<Payout, T> BurnSlot<T>(EventActivityBinder<Payout, T> binder)
        where T : class => binder
        .Then(x => x.Saga.Burn(x.Now()))
        .Publish(x => x.Saga.BurnCommand(_options.BurnFeeStroops));

    private EventActivityBinder<Payout, SlotBurned> Burned(EventActivityBinder<Payout, SlotBurned> binder) => EndGroup(binder, GroupOutcome.Free)
        .Then(x => Lanes(x).Consumed(x.Saga, uncertain: true))
        .Then(x => x.Note($"slot {x.Message.Slot.Channel}/{x.Message.Slot.SequenceNumber} was burned in ledger {x.Message.Ledger}: nothing on it can pay any more"))
        .Then(x => x.Saga.LoseSlot());

    /// <summary>
    /// The ledger consumed the number: the next payout may have the lane. Consumed by a success of our own, it can pay no more; consumed
    /// by what nobody found, it may have paid, and the payout keeps it as the mark of that.
    /// </summary>
    private EventActivityBinder<Payout, T> ReleaseConsumed<T>(EventActivityBinder<Payout, T> binder, Func<BehaviorContext<Payout, T>, FailureCode> code)
        where T : class => binder
        .Then(x => Lanes(x).Consumed(x.Saga, uncertain: code(x) == FailureCode.SlotConsumedElsewhere))
        .If(x => code(x) == FailureCode.NotTransferred, ours => EndGroup(ours, GroupOutcome.NotAsOrdered).Then(x => x.Saga.LoseSlot()));

    private EventActivityBinder<Payout, PayoutUnresolved> ConsumedByAnother(EventActivityBinder<Payout, PayoutUnresolved> binder) =>
        Hold(ReleaseConsumed(binder, x => x.Message.Code), x => (PayoutStage.Confirm, x.Message.Code, x.Message.Detail));

    /// <summary>A success that paid something else, or a stranger's transaction: the number is gone either way.</summary>
    private static bool ShowsTheSlotConsumed(FailureCode code) => code is FailureCode.NotTransferred or FailureCode.SlotConsumedElsewhere;

    /// <summary>FAILED of an envelope on the owned slot: the number is consumed, so no envelope on it can pay any more.</summary>
    private EventActivityBinder<Payout, PayoutFailed> FailedOnLedger(EventActivityBinder<Payout, PayoutFailed> binder) =>
        binder.IfElse(x => x.Message.Stage == PayoutStage.Confirm && x.Saga.Owns(x.Message.Slot),
            spent => spent.IfElse(x => x.Saga.CancelAfterBurn && x.Message.Code != FailureCode.AlreadyPaid,
                // The slot that was to be burned is gone by itself.
                cancelled => EndUnpaid(Lose(cancelled)),
                wanted => wanted.IfElse(x => MaySplit(x.Saga), TryHalves, alone => Lose(alone).IfElse(x => x.Message.Code == FailureCode.AlreadyPaid,
                    // This envelope paid nothing, but the contract says that something else paid the debt: that is no proof of unpaid.
                    // A human compares the contract's get_payout with the order.
                    verify => Hold(verify, x => (x.Message.Stage, x.Message.Code, x.Message.Detail)),
                    unpaid => unpaid.IfElse(x => x.Saga.MayBuildAgain(x.Message, _options.AttemptsMax),
                        again => again
                            .Then(x => x.Saga.ClearHold(x.Now()))
                            .Then(x => x.Note(x.Saga.PauseBeforeRebuild(x.Message, x.Now())))
                            .TransitionTo(Building),
                        end => end.IfElse(x => x.Saga.AuthorizedUntil is not null,
                            // The ledger shows the authorization to everybody, and it still counts: nobody can say that it stays unpaid.
                            open => Hold(open, x => (x.Message.Stage, x.Message.Code, x.Message.Detail)),
                            proven => proven
                                .Then(x => x.Saga.Fail(x.Message))
                                .Publish(x => x.Saga.Settled(PayoutOutcome.Failed))
                                .TransitionTo(Failed)))))),
            Stale);

    private EventActivityBinder<Payout, T> Lose<T>(EventActivityBinder<Payout, T> binder)
        where T : class => EndGroup(binder, GroupOutcome.Free)
        .Then(x => Lanes(x).Consumed(x.Saga))
        .Then(x => x.Saga.LoseSlot());

    /// <summary>No envelope can pay it any more, and nobody wants that: the end that the operator chose, as soon as no authorization can either.</summary>
    private EventActivityBinder<Payout, T> EndUnpaid<T>(EventActivityBinder<Payout, T> binder)
        where T : class => binder.IfElse(x => x.Saga.AuthorizedUntil is not null,
        open => open.Then(x => x.Saga.AwaitAuthorizationsEnd(x.Now())),
        over => over.IfElse(x => x.Saga.WriteOffAfterBurn,
            off => off.Publish(x => x.Saga.Settled(PayoutOutcome.WrittenOff)).TransitionTo(WrittenOff),
            cancelled => cancelled.Publish(x => x.Saga.Settled(PayoutOutcome.Cancelled)).TransitionTo(Cancelled)));

    private static EventActivityBinder<Payout, T> AskIfSaidToBePaid<T>(EventActivityBinder<Payout, T> binder)
        where T : class => binder.If(x => x.Saga.IsSaidToBePaid(), ask => ask.Publish(x => x.Saga.VerifyCommand()));

    /// <summary>It waits for its slot and then for its authorization to end; the slot's end was the first of the two.</summary>
    private static EventActivityBinder<Payout, T> AskIfAuthorizationIsOver<T>(EventActivityBinder<Payout, T> binder)
        where T : class => binder.If(x => AwaitsAuthorizationsEnd(x.Saga), ask => ask.Publish(x => x.Saga.VerifyCommand()));

    private static bool AwaitsAuthorizationsEnd(Payout payout) => payout.AuthorizedUntil is not null && (payout.CancelAfterBurn || payout.HoldCode == FailureCode.AuthorizationExpired);

    private static bool ShowsOurSlotConsumed(Payout payout, PayoutVerified verified) =>
        verified is { SlotConsumed: true, Slot: { } slot } && payout.Owns(slot);

    /// <summary>The number was consumed before the contract was asked, and the contract had no record: nothing on it paid or ever will.</summary>
    private static bool ProvesTheSlotDead(Payout payout, PayoutVerified verified) =>
        verified.Evidence == PaymentEvidence.Unpaid && payout.HoldCode == FailureCode.SlotConsumedElsewhere && ShowsOurSlotConsumed(payout, verified);

    /// <summary>Gives slots back in the transaction that the event is handled in.</summary>
    private LaneChanges Lanes(PipeContext context) => context.Unit().Part(unit => new LaneChanges(unit, _laneSignal, _options.ChannelRest));

    private EventActivityBinder<Payout, T> Stale<T>(EventActivityBinder<Payout, T> binder)
        where T : class => binder
        .Then(x => BuilderMetrics.StaleEvents.WithLabels(typeof(T).Name, x.Saga.CurrentState).Inc())
        .Then(x =>
        {
            // A slot without an owner is burned in the name of the payout behind it, whose own slot that is not.
            if (x.Message is SlotBurned { Slot: var burned })
                Lanes(x).ConsumedFree(burned);
            else if (x.Message is PayoutUnresolved { Slot: var gone, Code: var code } && ShowsTheSlotConsumed(code))
                Lanes(x).ConsumedFree(gone);
        });

    private void StaleElsewhere<T>(Event<T> @event)
        where T : class
    {
        foreach (var state in States.Cast<State<Payout>>().Where(state => state.Name != "Initial" && state.Name != "Final" && !state.Events.Contains(@event)))
            During(state, Stale(When(@event)));
    }
}
