using MassTransit;
using Payouts.Builder.Lanes;
using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <summary>
/// The order of a payout's steps, and the only place that knows it. Every step is a command out and an event in. An event that
/// repeats, comes late or speaks of an older build changes nothing; what the ledger says counts whenever it comes.
/// docs/states.md tells what each state means.
/// </summary>
public sealed partial class PayoutStateMachine : MassTransitStateMachine<Payout>
{
    private readonly BuilderOptions _options;
    private readonly LaneSignal _laneSignal;

    /// <summary>Declares the machine.</summary>
    public PayoutStateMachine(BuilderOptions options, LaneSignal laneSignal)
    {
        (_options, _laneSignal) = (options, laneSignal);
        InstanceState(x => x.CurrentState);
        Correlate(() => PayoutPlanned, x => x.PayoutId, local: true);
        Correlate(() => AuthorizationDue, x => x.PayoutId, local: true);
        Correlate(() => PayoutAuthorized, x => x.PayoutId);
        Correlate(() => AuthorizationFailed, x => x.PayoutId);
        Correlate(() => SlotLeased, x => x.PayoutId, local: true);
        Correlate(() => GroupJoined, x => x.PayoutId, local: true);
        Correlate(() => GroupEnded, x => x.PayoutId, local: true);
        Correlate(() => DeadlineReached, x => x.PayoutId, local: true);
        Correlate(() => LaneBlocked, x => x.PayoutId, local: true);
        Correlate(() => PayoutBuilt, x => x.PayoutId);
        Correlate(() => PayoutSigned, x => x.PayoutId);
        Correlate(() => PayoutSubmitted, x => x.PayoutId);
        Correlate(() => PayoutConfirmed, x => x.PayoutId);
        Correlate(() => PayoutFailed, x => x.PayoutId);
        Correlate(() => PayoutExpired, x => x.PayoutId);
        Correlate(() => PayoutUnresolved, x => x.PayoutId);
        Correlate(() => SlotBurned, x => x.PayoutId);
        Correlate(() => SlotProvenUnused, x => x.PayoutId);
        Correlate(() => PayoutVerified, x => x.PayoutId);
        Correlate(() => RetryPayout, x => x.PayoutId);
        Correlate(() => CancelPayout, x => x.PayoutId);
        Correlate(() => HoldRequested, x => x.PayoutId, local: true);
        Correlate(() => WriteOffRequested, x => x.PayoutId, local: true);

        Initially(
            When(PayoutPlanned)
                .Then(x => x.Saga.Plan(x.Message, x.Now()))
                .IfElse(_ => options.Authorizes, first => first.TransitionTo(Authorizing), envelope => envelope.TransitionTo(Building)));
        DeclareAuthorizing();

        // A payout without a slot waits for a channel. With one, it is built on it, again and again if need be: the ledger applies
        // at most one transaction per slot, so however often that happens, the winner is paid at most once.
        During(Building,
            When(SlotLeased)
                .Then(x => x.Saga.Lease(x.Message.Slot, x.Message.Members, x.Now()))
                .Publish(x => x.Saga.BuildCommand()),
            When(GroupJoined)
                .Then(x => x.Saga.Join(x.Message.LeaderId))
                .TransitionTo(Grouped),
            When(PayoutBuilt).IfElse(x => x.Saga.Attempt == x.Message.Attempt && x.Saga.Owns(x.Message.Slot),
                current => current
                    .Then(x => x.Saga.TakeBuild(x.Message))
                    .IfElse(_ => options.LiveExecution,
                        // The hash is stored by this transaction; the request to sign leaves only after it.
                        live => live.Then(x => x.Saga.Expose()).Publish(x => x.Saga.SignCommand(x.Message)).TransitionTo(AwaitingSignature),
                        dry => EndGroup(dry, GroupOutcome.Built).TransitionTo(Built)),
                Stale),
            When(PayoutFailed).IfElse(x => x.Saga.Attempt == x.Message.Attempt && x.Message.Stage == PayoutStage.Build && x.Saga.Owns(x.Message.Slot),
                current => current.IfElse(x => x.Message.Code == FailureCode.AuthorizationExpired && !x.Saga.Exposed, AuthorizeAnew,
                    built => AfterRestoring(built, failed => failed.IfElse(x => MaySplit(x.Saga) && x.Message.Code != FailureCode.NetworkUnavailable,
                        Split,
                        whole => whole.IfElse(x => x.Saga.MayBuildAgain(x.Message, options.AttemptsMax),
                            again => again.Then(x => x.Note(x.Saga.PauseBeforeRebuild(x.Message, x.Now()))),
                            hold => HoldAndBurn(hold, x => (x.Message.Stage, x.Message.Code, x.Message.Detail)))))),
                other => FailedOnLedger(other)),
            When(DeadlineReached)
                .Then(x => x.Saga.WakeAt = null)
                .If(x => x.Saga.Slot is not null, rebuild => rebuild
                    .Then(x => x.Saga.NextAttempt(x.Now()))
                    .Publish(x => x.Saga.BuildCommand())),
            // It goes on with the slot; a group that failed is halved on it.
            When(SlotProvenUnused).IfElse(x => x.Saga.IsProvenDeadBy(x.Message),
                dead => NoteProof(dead).Then(x => x.Saga.Unexpose()).If(x => IsTooLarge(x.Saga), Part),
                Stale));

        // Paid by another payout's transaction, or free again when that one's slot is dead: never by two at once.
        During(Grouped,
            When(GroupEnded).IfElse(x => x.Saga.LeaderId == x.Message.LeaderId, LeaveGroup, Stale));

        During(AwaitingSignature,
            When(PayoutSigned).IfElse(x => x.Saga.Attempt == x.Message.Attempt && x.Saga.TransactionHash == x.Message.TransactionHash,
                current => current
                    .Then(x => x.Saga.AwaitOutcome(x.Now()))
                    .Publish(x => x.Saga.SubmitCommand(x.Message))
                    .TransitionTo(Submitting),
                Stale),
            When(PayoutFailed).IfElse(x => x.Saga.Attempt == x.Message.Attempt && x.Message.Stage == PayoutStage.Sign,
                current => HoldAndBurn(
                    // The signer's own check refused before anybody saw the envelope: no signed one can exist.
                    current.If(x => x.Message.Code is FailureCode.IntentMismatch or FailureCode.OrderUnknown or FailureCode.PolicyRefused && x.Saga.Envelopes == x.Saga.TransactionHash && x.Saga.BurnUntil is null,
                        unseen => unseen.Then(x => x.Saga.Exposed = false)),
                    x => (x.Message.Stage, x.Message.Code, x.Message.Detail)),
                other => FailedOnLedger(other)),
            // The signer took longer than the envelope lives: same slot, new envelope, new request.
            BuildAgain(When(DeadlineReached), x => (PayoutStage.Sign, FailureCode.SignerTimeout, $"no valid signature in {x.Saga.Attempt} builds")));

        // Signed payouts wait behind it in its lane: the slot is burned, and when the ledger says so it goes on with another.
        During([Building, AwaitingSignature],
            When(LaneBlocked).IfElse(x => x.Saga.Slot is { } slot && options.CanBurn(slot.Channel),
                head => BurnSlot(head.Then(x => x.Note($"{x.Message.Behind} signed payouts wait behind it in its lane; its slot is being burned"))),
                Stale));

        // The number is gone: no build on it can pay, and what consumed it may have.
        During([Building, AwaitingSignature],
            When(PayoutUnresolved).IfElse(x => x.Saga.Exposed && x.Saga.Owns(x.Message.Slot) && ShowsTheSlotConsumed(x.Message.Code), ConsumedByAnother, Stale));
        During([Submitting, AwaitingConfirmation],
            // Long after its envelope's end nobody has said what became of it: payout-submitter may have lost it, or its word. The ledger still knows.
            When(DeadlineReached)
                .Then(x => x.Saga.AwaitOutcome(x.Now()))
                .Publish(x => x.Saga.WatchCommand()),
            When(SlotProvenUnused).IfElse(x => x.Saga.IsProvenDeadBy(x.Message),
                dead => BuildAfterExpiry(NoteProof(dead).Then(x => x.Saga.Unexpose())),
                Stale),
            When(PayoutExpired).IfElse(x => x.Saga.Attempt == x.Message.Attempt && x.Saga.Owns(x.Message.Slot),
                BuildAfterExpiry,
                Stale),
            When(PayoutUnresolved).IfElse(x => x.Saga.Owns(x.Message.Slot),
                owned => owned.IfElse(x => ShowsTheSlotConsumed(x.Message.Code), ConsumedByAnother,
                    open => HoldAndBurn(open, x => (PayoutStage.Confirm, x.Message.Code, x.Message.Detail))),
                Stale));

        During(Submitting,
            When(PayoutSubmitted).IfElse(x => x.Saga.Attempt == x.Message.Attempt,
                current => current.TransitionTo(AwaitingConfirmation),
                Stale));

        // The ledger's word: SUCCESS or FAILED of any envelope on the owned slot ends the slot, in whatever state it finds the payout.
        During([Building, AwaitingSignature, Submitting, AwaitingConfirmation, OnHold],
            When(PayoutConfirmed).IfElse(x => x.Saga.Owns(x.Message.Slot),
                paid => paid.IfElse(x => x.Message.Paid == x.Saga.Order.Total(),
                    exact => EndGroup(exact, GroupOutcome.Paid)
                        .Then(x => Lanes(x).Consumed(x.Saga))
                        .Then(x => x.Saga.Confirm(x.Message))
                        .Publish(x => x.Saga.Settled(PayoutOutcome.Confirmed))
                        .TransitionTo(Confirmed),
                    wrong => Hold(ReleaseConsumed(wrong, _ => FailureCode.NotTransferred), x => (PayoutStage.Confirm, FailureCode.NotTransferred, $"the ledger shows {x.Message.Paid} paid, not what was ordered"))),
                Stale));
        During([Submitting, AwaitingConfirmation, OnHold], FailedOnLedger(When(PayoutFailed)));

        // The slot is consumed by the transaction that does nothing: no envelope on it can pay any more.
        During([Building, AwaitingSignature, Submitting, AwaitingConfirmation],
            When(SlotBurned).IfElse(x => x.Saga.Owns(x.Message.Slot),
                // A retry was faster than the burning: the payout goes on with another slot.
                burned => Burned(burned).TransitionTo(Building),
                Stale));
        During(OnHold,
            When(SlotBurned).IfElse(x => x.Saga.Owns(x.Message.Slot),
                burned => burned.IfElse(x => x.Saga.CancelAfterBurn,
                    cancelled => EndUnpaid(Burned(cancelled)),
                    free => AskIfAuthorizationIsOver(Burned(free))),
                Stale),
            // The slot is free for others; the payout waits for its human without it, or ends as he said.
            When(SlotProvenUnused).IfElse(x => x.Saga.IsProvenDeadBy(x.Message),
                dead => NoteProof(dead).IfElse(x => x.Saga.CancelAfterBurn,
                    cancelled => EndUnpaid(GiveBack(cancelled)),
                    free => AskIfAuthorizationIsOver(GiveBack(free))),
                Stale),
            // The burning envelope's validity is over without a word: another one, on the same slot.
            When(DeadlineReached)
                .Then(x => x.Saga.WakeAt = null)
                .IfElse(x => x.Saga.BurnUntil is not null,
                    again => BurnSlot(again),
                    ask => AskIfSaidToBePaid(ask.If(x => x.Saga.SlotWatched, WatchSlot))),
            When(PayoutUnresolved).IfElse(x => x.Saga.Owns(x.Message.Slot) && ShowsTheSlotConsumed(x.Message.Code),
                consumed => AskIfSaidToBePaid(ReleaseConsumed(consumed, x => x.Message.Code)
                    .Then(x => x.Saga.Hold((PayoutStage.Confirm, x.Message.Code, x.Message.Detail)))
                    .Then(x => x.Note($"{x.Message.Code}: {x.Message.Detail}"))),
                Stale),
            When(PayoutVerified)
                .Then(x => x.Note($"{x.Message.Evidence}: {x.Message.Detail}"))
                .IfElse(x => x.Message.Evidence == PaymentEvidence.Paid,
                    paid => paid
                        .If(x => x.Saga.Envelopes.Contains(x.Message.TransactionHash!, StringComparison.Ordinal), own => EndGroup(own, GroupOutcome.Paid))
                        .If(x => ShowsOurSlotConsumed(x.Saga, x.Message), consumed => Lose(consumed))
                        .If(x => x.Saga is { Exposed: true, EndsItsSlot: false, Slot: not null }, EndSlot)
                        .Then(x => x.Saga.ConfirmByEvidence(x.Message))
                        .Publish(x => x.Saga.Settled(PayoutOutcome.Confirmed))
                        .TransitionTo(Confirmed),
                    other => other.IfElse(x => ProvesTheSlotDead(x.Saga, x.Message),
                        unpaid => unpaid.IfElse(x => x.Saga.CancelAfterBurn,
                            cancelled => EndUnpaid(Lose(cancelled)),
                            again => Lose(again).Then(x => x.Saga.ClearHold(x.Now())).TransitionTo(Building)),
                        open => open.IfElse(x => x.Saga.Slot is null && x.Saga.IsProvenUnusedBy(x.Message), EndOfAuthorization,
                            unclear => unclear
                                .If(x => !x.Saga.CancelAfterBurn, held => held.Then(x => x.Saga.HoldDetail = x.Message.Detail))
                                .If(x => x.Message.Evidence == PaymentEvidence.Unknown || AwaitsAuthorizationsEnd(x.Saga), later => later.Then(x => x.Saga.AskAgainLater(x.Now())))))));
        // Paid by another transaction, and its own slot is still open: it burns, or is watched, until the lane is free.
        During(Confirmed,
            When(PayoutConfirmed).IfElse(x => x.Saga.EndsItsSlot && x.Saga.Owns(x.Message.Slot), own => Lose(EndGroup(own, GroupOutcome.Paid)), Stale),
            When(SlotProvenUnused).IfElse(x => x.Saga.SlotWatched && x.Saga.IsProvenDeadBy(x.Message), dead => GiveBack(NoteProof(dead)), Stale),
            When(SlotBurned).IfElse(x => x.Saga.BurnUntil is not null && x.Saga.Owns(x.Message.Slot), burned => Burned(burned), Stale),
            When(PayoutFailed).IfElse(x => x.Saga.EndsItsSlot && x.Message.Stage == PayoutStage.Confirm && x.Saga.Owns(x.Message.Slot), spent => Lose(spent), Stale),
            When(PayoutUnresolved).IfElse(x => x.Saga.EndsItsSlot && ShowsTheSlotConsumed(x.Message.Code) && x.Saga.Owns(x.Message.Slot), gone => Lose(gone), Stale),
            When(DeadlineReached)
                .Then(x => x.Saga.WakeAt = null)
                .IfElse(x => x.Saga.BurnUntil is not null, again => BurnSlot(again), other => other.IfElse(x => x.Saga.SlotWatched, WatchSlot, Stale)));

        During([OnHold, Failed],
            When(RetryPayout)
                .Then(x => x.Note($"{x.Message.By}: {x.Message.Reason}"))
                .Then(x => x.Saga.ClearHold(x.Now()))
                .Then(x => x.Saga.Restores = 0)
                .IfElse(x => x.Saga.LacksAuthorization(options),
                    unsigned => unsigned.Then(x => x.Saga.AwaitAuthorization()).TransitionTo(Authorizing),
                    ready => ready
                        .If(x => x.Saga.Slot is not null, onSlot => onSlot
                            .Then(x => x.Saga.NextAttempt(x.Now()))
                            .Publish(x => x.Saga.BuildCommand()))
                        .TransitionTo(Building)));
        During([Authorizing, Building, AwaitingSignature, OnHold, Failed],
            When(CancelPayout).IfElse(x => !x.Saga.MayStillBePaid,
                safe => EndGroup(safe.Then(x => x.Note($"{x.Message.By}: {x.Message.Reason}")), GroupOutcome.Free)
                    .Then(x => Lanes(x).Returned(x.Saga))
                    .Publish(x => x.Saga.Settled(PayoutOutcome.Cancelled))
                    .TransitionTo(Cancelled),
                seen => seen.IfElse(x => x.Saga.Exposed,
                    exposed => EndSlot(exposed
                        .Then(x => x.Note($"{x.Message.By}: {x.Message.Reason}"))
                        .Then(x => x.Saga.CancelWithSlot(x.Message, options.CanBurn(x.Saga.Channel!)))
                        .TransitionTo(OnHold)),
                    authorized => EndWithAuthorization(authorized, x => $"{x.Message.By}: {x.Message.Reason}", writtenOff: false))));

        During([OnHold, Failed],
            When(WriteOffRequested).Then(x => x.Note($"{x.Message.By}: {x.Message.Reason}")).IfElse(x => !x.Saga.MayStillBePaid,
                safe => EndUnpaid(safe.Then(x => x.Saga.WriteOffAfterBurn = true).Then(x => Lanes(x).Returned(x.Saga))),
                seen => seen.IfElse(x => x.Saga.Exposed,
                    exposed => EndSlot(exposed.Then(x => x.Saga.WriteOffWithSlot(x.Message, options.CanBurn(x.Saga.Channel!)))),
                    authorized => EndWithAuthorization(authorized, x => $"{x.Message.By}: {x.Message.Reason}", writtenOff: true))));

        // Nobody has seen an envelope of it: it stops where it is, and its number goes to another.
        During(Building,
            When(HoldRequested).IfElse(x => !x.Saga.Exposed,
                unseen => Hold(unseen, x => (PayoutStage.Build, x.Message.Code, $"held by {x.Message.By}: {x.Message.Reason}")),
                Stale));

        // Every cell that is not told above: counted, and nothing changes.
        StaleElsewhere(AuthorizationDue);
        StaleElsewhere(PayoutAuthorized);
        StaleElsewhere(AuthorizationFailed);
        StaleElsewhere(SlotLeased);
        StaleElsewhere(GroupJoined);
        StaleElsewhere(GroupEnded);
        StaleElsewhere(DeadlineReached);
        StaleElsewhere(LaneBlocked);
        StaleElsewhere(PayoutBuilt);
        StaleElsewhere(PayoutSigned);
        StaleElsewhere(PayoutSubmitted);
        StaleElsewhere(PayoutConfirmed);
        StaleElsewhere(PayoutFailed);
        StaleElsewhere(PayoutExpired);
        StaleElsewhere(PayoutUnresolved);
        StaleElsewhere(SlotBurned);
        StaleElsewhere(SlotProvenUnused);
        StaleElsewhere(PayoutVerified);
        StaleElsewhere(RetryPayout);
        StaleElsewhere(CancelPayout);
        StaleElsewhere(WriteOffRequested);
        StaleElsewhere(HoldRequested);

        ConnectStateObserver(new TransitionRecorder());
    }
}
