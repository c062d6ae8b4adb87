using MassTransit;
using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <content>The states a payout can be in, and the events that move it.</content>
public sealed partial class PayoutStateMachine
{
    /// <summary>Its call is with whoever authorizes it; it needs no channel meanwhile.</summary>
    public State Authorizing { get; private set; } = null!;

    /// <summary>Waits for a channel, or for the transaction to be built.</summary>
    public State Building { get; private set; } = null!;

    /// <summary>Built, and execution is off: the end.</summary>
    public State Built { get; private set; } = null!;

    /// <summary>The transaction of another payout of its round pays it too; it waits for that one's end.</summary>
    public State Grouped { get; private set; } = null!;

    /// <summary>The unsigned transaction is with payout-signer.</summary>
    public State AwaitingSignature { get; private set; } = null!;

    /// <summary>The signed transaction is with payout-submitter; the network has not accepted it yet.</summary>
    public State Submitting { get; private set; } = null!;

    /// <summary>The network accepted it; the ledger decides.</summary>
    public State AwaitingConfirmation { get; private set; } = null!;

    /// <summary>Paid on the ledger.</summary>
    public State Confirmed { get; private set; } = null!;

    /// <summary>Proven unpaid: the ledger itself says FAILED.</summary>
    public State Failed { get; private set; } = null!;

    /// <summary>Will never be paid: an operator's decision, and no envelope can pay it any more.</summary>
    public State Cancelled { get; private set; } = null!;

    /// <summary>Will not be paid, and the round owes it no more: an operator's decision, and no envelope can pay it any more.</summary>
    public State WrittenOff { get; private set; } = null!;

    /// <summary>A human decides.</summary>
    public State OnHold { get; private set; } = null!;

    /// <summary>A round owes it.</summary>
    public Event<PayoutPlanned> PayoutPlanned { get; private set; } = null!;

    /// <summary>It is to be authorized.</summary>
    public Event<AuthorizationDue> AuthorizationDue { get; private set; } = null!;

    /// <summary>From payout-signer: the payout source account authorized its call.</summary>
    public Event<PayoutAuthorized> PayoutAuthorized { get; private set; } = null!;

    /// <summary>From payout-signer: nobody authorized it.</summary>
    public Event<AuthorizationFailed> AuthorizationFailed { get; private set; } = null!;

    /// <summary>A channel is free for it.</summary>
    public Event<SlotLeased> SlotLeased { get; private set; } = null!;

    /// <summary>Another payout's transaction will pay it too.</summary>
    public Event<GroupJoined> GroupJoined { get; private set; } = null!;

    /// <summary>That payout's slot has ended.</summary>
    public Event<GroupEnded> GroupEnded { get; private set; } = null!;

    /// <summary>Its timer ran out.</summary>
    public Event<DeadlineReached> DeadlineReached { get; private set; } = null!;

    /// <summary>It holds up signed payouts behind it in its lane.</summary>
    public Event<LaneBlocked> LaneBlocked { get; private set; } = null!;

    /// <summary>From the build step.</summary>
    public Event<PayoutBuilt> PayoutBuilt { get; private set; } = null!;

    /// <summary>From payout-signer.</summary>
    public Event<PayoutSigned> PayoutSigned { get; private set; } = null!;

    /// <summary>From payout-submitter.</summary>
    public Event<PayoutSubmitted> PayoutSubmitted { get; private set; } = null!;

    /// <summary>From payout-submitter.</summary>
    public Event<PayoutConfirmed> PayoutConfirmed { get; private set; } = null!;

    /// <summary>From any step.</summary>
    public Event<PayoutFailed> PayoutFailed { get; private set; } = null!;

    /// <summary>From payout-submitter: proof of death.</summary>
    public Event<PayoutExpired> PayoutExpired { get; private set; } = null!;

    /// <summary>From payout-submitter: unknown, and not going to be known by waiting.</summary>
    public Event<PayoutUnresolved> PayoutUnresolved { get; private set; } = null!;

    /// <summary>From payout-submitter: the slot was consumed without paying.</summary>
    public Event<SlotBurned> SlotBurned { get; private set; } = null!;

    /// <summary>From payout-submitter: nothing that was handed out on the slot can be applied any more, and nothing was.</summary>
    public Event<SlotProvenUnused> SlotProvenUnused { get; private set; } = null!;

    /// <summary>From payout-submitter: what contract and ledger say of the debt.</summary>
    public Event<PayoutVerified> PayoutVerified { get; private set; } = null!;

    /// <summary>From an operator.</summary>
    public Event<RetryPayout> RetryPayout { get; private set; } = null!;

    /// <summary>From an operator.</summary>
    public Event<CancelPayout> CancelPayout { get; private set; } = null!;

    /// <summary>From an operator.</summary>
    public Event<HoldRequested> HoldRequested { get; private set; } = null!;

    /// <summary>From an operator.</summary>
    public Event<WriteOffRequested> WriteOffRequested { get; private set; } = null!;
}
