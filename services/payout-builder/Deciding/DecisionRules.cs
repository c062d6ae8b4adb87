using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Stellar;

namespace Payouts.Builder.Deciding;

/// <summary>Where each decision is right. Pure; the state machine decides what it then does.</summary>
internal static class DecisionRules
{
    /// <summary>Asking changes nothing, and stopping must not wait for a second person.</summary>
    public static bool NeedsApproval(DecisionKind kind) => kind is not (DecisionKind.Hold or DecisionKind.Verify);

    /// <summary>Why not, and what would be right; null: it is right.</summary>
    public static string? Refuse(DecisionKind kind, Payout payout, string? transactionHash) => kind switch
    {
        DecisionKind.Hold => payout switch
        {
            { CurrentState: nameof(PayoutStateMachine.Authorizing) } or { CurrentState: nameof(PayoutStateMachine.Building), Exposed: false } => null,
            { CurrentState: nameof(PayoutStateMachine.OnHold) } => "it is on hold already",
            _ => $"a payout in {payout.CurrentState} is not held: an envelope that pays it may have been signed; cancel it, which ends its slot first",
        },
        DecisionKind.Release => payout is { CurrentState: nameof(PayoutStateMachine.OnHold), HoldCode: FailureCode.Operator, CancelAfterBurn: false }
            ? null
            : $"only a payout that an operator put on hold is released, this one is {State(payout)}; retry is for the others on hold",
        DecisionKind.Retry => payout.CurrentState is nameof(PayoutStateMachine.OnHold) or nameof(PayoutStateMachine.Failed)
            ? null
            : $"a payout in {payout.CurrentState} is not retried; only OnHold and Failed ones are",
        DecisionKind.Verify => payout.CurrentState != nameof(PayoutStateMachine.OnHold) ? $"a payout in {payout.CurrentState} needs no evidence; only OnHold ones do"
            : transactionHash is { } hash && !TransactionHash.TryParse(hash, out _) ? "transactionHash is 64 hex digits"
            : null,
        DecisionKind.Cancel => payout.CurrentState is nameof(PayoutStateMachine.Authorizing) or nameof(PayoutStateMachine.Building) or nameof(PayoutStateMachine.AwaitingSignature) or nameof(PayoutStateMachine.OnHold) or nameof(PayoutStateMachine.Failed)
            ? null
            : $"a payout in {payout.CurrentState} is not cancelled",
        DecisionKind.WriteOff => payout.CurrentState is nameof(PayoutStateMachine.OnHold) or nameof(PayoutStateMachine.Failed)
            ? null
            : $"a payout in {payout.CurrentState} is not written off; only OnHold and Failed ones are",
        _ => throw new InvalidOperationException($"{kind} is no decision"),
    };

    private static string State(Payout payout) => payout.HoldCode is { } code ? $"{payout.CurrentState} for {code}" : payout.CurrentState;
}
