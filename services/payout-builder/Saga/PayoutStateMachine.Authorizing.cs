using MassTransit;
using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <content>
/// The authorization comes before the slot: a payout is signed for once, then it takes whichever lane is free. Until the authorization's last ledger is
/// over anybody who saw it may bring it to the ledger, where it pays the winner once and is consumed; so that ledger ends what a slot's end would
/// end otherwise.
/// </content>
public sealed partial class PayoutStateMachine
{
    private void DeclareAuthorizing()
    {
        During(Authorizing,
            // The hash is stored by this transaction; the request to sign leaves only after it.
            When(AuthorizationDue).IfElse(x => x.Saga.AuthorizationHash is null,
                due => due
                    .Then(x => x.Saga.Ask(x.Message))
                    .Publish(x => x.Saga.AuthorizeCommand(x.Message)),
                Stale),
            When(PayoutAuthorized).IfElse(x => x.Saga.Awaits(x.Message),
                authorized => authorized
                    .Then(x => x.Saga.Take(x.Message))
                    .Then(x => x.Saga.WakeAt = null)
                    .Then(x => x.Unit().AfterCommit(_laneSignal.Set))
                    .TransitionTo(Building),
                Stale),
            When(AuthorizationFailed).IfElse(x => x.Saga.Attempt == x.Message.Attempt && x.Saga.AuthorizationHash is not null,
                current => Hold(NotAuthorized(current), x => (PayoutStage.Sign, x.Message.Code, x.Message.Detail)),
                Stale),
            // The signer took longer than the authorization lives, or an old one must be proven dead first.
            When(DeadlineReached)
                .Then(x => x.Saga.AwaitEvidence(x.Now()))
                .Publish(x => x.Saga.VerifyCommand()),
            When(PayoutVerified).IfElse(x => x.Message.Evidence == PaymentEvidence.Paid,
                // Whoever holds a signed authorization can bring it to the ledger, and somebody did.
                paid => paid
                    .Then(x => x.Note($"{x.Message.Evidence}: {x.Message.Detail}"))
                    .Then(x => x.Saga.ConfirmByEvidence(x.Message))
                    .Publish(x => x.Saga.Settled(PayoutOutcome.Confirmed))
                    .TransitionTo(Confirmed),
                other => other.IfElse(x => x.Saga.IsProvenUnusedBy(x.Message),
                    dead => AuthorizationOver(dead).IfElse(x => x.Saga.Authorizations < _options.AttemptsMax,
                        again => again.Then(x => x.Saga.WakeAt = null),
                        hold => Hold(hold, x => (PayoutStage.Sign, FailureCode.SignerTimeout, $"no authorization came in time, {x.Saga.Authorizations} times"))),
                    unclear => unclear.IfElse(x => x.Message.Evidence is PaymentEvidence.NotAsOrdered or PaymentEvidence.NotFound,
                        hold => Hold(hold, x => (PayoutStage.Confirm, FailureCode.AlreadyPaid, x.Message.Detail)),
                        Stale))),
            Hold(When(HoldRequested), x => (PayoutStage.Sign, x.Message.Code, $"held by {x.Message.By}: {x.Message.Reason}")));

        // The human's word stands; what was signed meanwhile is not asked for again.
        During(OnHold,
            When(PayoutAuthorized).IfElse(x => x.Saga.Awaits(x.Message), late => late.Then(x => x.Saga.Take(x.Message)).Then(x => x.Note("authorized meanwhile")), Stale),
            When(AuthorizationFailed).IfElse(x => x.Saga.Attempt == x.Message.Attempt && x.Saga is { AuthorizationHash: not null, AuthorizationXdr: null },
                late => NotAuthorized(late).Then(x => x.Note($"{x.Message.Code}: {x.Message.Detail}")),
                Stale));
    }

    private static EventActivityBinder<Payout, AuthorizationFailed> NotAuthorized(EventActivityBinder<Payout, AuthorizationFailed> binder) => binder
        .IfElse(x => x.Saga.IsUnseen(x.Message),
            unseen => unseen.Then(x => x.Saga.ForgetAuthorization()),
            seen => seen.Then(x => x.Saga.AskAnew()));

    private static EventActivityBinder<Payout, PayoutVerified> AuthorizationOver(EventActivityBinder<Payout, PayoutVerified> binder) => binder
        .Then(x => x.Note($"its authorization counted until ledger {x.Saga.AuthorizedUntil}, and the contract has no record of it at ledger {x.Message.AskedAtLedger}: it can pay no more"))
        .Then(x => x.Saga.ForgetAuthorization());

    /// <summary>Too late to be built with: nothing was, so the slot is free, and it is authorized anew when the ledger has passed its end.</summary>
    private EventActivityBinder<Payout, PayoutFailed> AuthorizeAnew(EventActivityBinder<Payout, PayoutFailed> binder) => EndGroup(binder, GroupOutcome.Free)
        .Then(x => Lanes(x).Returned(x.Saga))
        .Then(x => x.Saga.AskAnew())
        .Then(x => x.Saga.WakeAt = x.Now())
        .Then(x => x.Note($"{x.Message.Code}: {x.Message.Detail}"))
        .TransitionTo(Authorizing);

    /// <summary>A human does not want it paid, no envelope of ours is out, and an authorization may be.</summary>
    private EventActivityBinder<Payout, T> EndWithAuthorization<T>(EventActivityBinder<Payout, T> binder, Func<BehaviorContext<Payout, T>, string> why, bool writtenOff)
        where T : class => EndGroup(binder.Then(x => x.Note(why(x))), GroupOutcome.Free)
        .Then(x => Lanes(x).Returned(x.Saga))
        .Then(x => x.Saga.Hold((PayoutStage.Sign, FailureCode.Operator, $"{(writtenOff ? "written off" : "cancelled")} by {why(x)}")))
        .Then(x => x.Saga.WriteOffAfterBurn = writtenOff)
        .Then(x => x.Saga.AwaitAuthorizationsEnd(x.Now()))
        .TransitionTo(OnHold);

    /// <summary>The contract and the ledger said that nothing paid it up to the end of its authorization.</summary>
    private EventActivityBinder<Payout, PayoutVerified> EndOfAuthorization(EventActivityBinder<Payout, PayoutVerified> binder) => AuthorizationOver(binder)
        .If(x => x.Saga.Slot is null, free => free.IfElse(x => x.Saga.CancelAfterBurn,
            cancelled => EndUnpaid(cancelled),
            held => held.If(x => x.Saga.HoldCode == FailureCode.AuthorizationExpired, again => again
                .Then(x => x.Saga.ClearHold(x.Now()))
                .Then(x => x.Saga.WakeAt = null)
                .TransitionTo(Authorizing))));
}
