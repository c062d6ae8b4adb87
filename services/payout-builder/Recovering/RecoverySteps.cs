using Payouts.Builder.Saga;

namespace Payouts.Builder.Recovering;

/// <summary>What a lost database or a lost queue means for a payout: whatever it waits for may have come and is forgotten. Pure, as <see cref="PayoutSteps"/>.</summary>
public static class RecoverySteps
{
    /// <summary>Far more builds than a payout can have had in the time that is forgotten: one a minute for two months.</summary>
    public const int AttemptsSkipped = 100_000;

    /// <summary>
    /// Numbers its next builds behind all that were forgotten, which payout-signer may know, and has it looked at: it is built, asked for or verified anew. Nothing
    /// that may be on the ledger is given up, so its slot stays its own until the ledger tells.
    /// </summary>
    public static void Recover(this Payout payout, DateTimeOffset now)
    {
        payout.Attempt += AttemptsSkipped;
        payout.BuildsToSplit += AttemptsSkipped;
        switch (payout.CurrentState)
        {
            case nameof(PayoutStateMachine.Authorizing) when payout.AuthorizationHash is not null:
                // The same authorization is asked for again, and is there at once when it was signed.
                payout.AskAnew();
                payout.WakeAt = null;
                break;
            case nameof(PayoutStateMachine.Building) or nameof(PayoutStateMachine.AwaitingSignature) when payout is { Slot: not null, BurnUntil: null }:
                // What the disaster costs is not counted among its own failures.
                payout.BuildsToSplit++;
                payout.WakeAt = now;
                break;
            case nameof(PayoutStateMachine.Submitting) or nameof(PayoutStateMachine.AwaitingConfirmation):
                payout.WakeAt = now;
                break;
            case nameof(PayoutStateMachine.OnHold) when payout.BurnUntil is null && (payout.SlotWatched || payout.IsSaidToBePaid()):
            case nameof(PayoutStateMachine.Confirmed) when payout is { SlotWatched: true, BurnUntil: null }:
                payout.WakeAt = now;
                break;
        }
    }
}
