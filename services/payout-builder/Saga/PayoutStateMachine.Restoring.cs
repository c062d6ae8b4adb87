using MassTransit;
using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <content>
/// Archived entries. A payout whose call needs some spends its slot on restoring them: the transaction is signed by the channel's own key, as a burn
/// is, so the ledger applies either it or an envelope of the payout. When it has, the payout, alone or with its group, takes the next slot.
/// </content>
public sealed partial class PayoutStateMachine
{
    /// <summary>What could not be built because entries are archived is built after they are restored; any other failure is <paramref name="otherwise"/>'s.</summary>
    private EventActivityBinder<Payout, PayoutFailed> AfterRestoring(
        EventActivityBinder<Payout, PayoutFailed> binder, Func<EventActivityBinder<Payout, PayoutFailed>, EventActivityBinder<Payout, PayoutFailed>> otherwise) =>
        binder.IfElse(x => CanRestore(x.Saga, x.Message),
            // While its slot burns or restores already, that one's end is waited for: on the next slot it is asked again.
            archived => archived.IfElse(x => x.Saga.IsBurning(x.Now()), Stale,
                asked => asked.IfElse(x => x.Saga.Restores < _options.RestoresMax,
                    restore => restore
                        .Then(x => x.Saga.Restore(x.Now()))
                        .Then(x => x.Note($"{x.Message.Detail}; its slot is spent on restoring them ({x.Saga.Restores} of {_options.RestoresMax})"))
                        .Publish(x => x.Saga.RestoreCommand(x.Message, _options.BurnFeeStroops)),
                    inVain => HoldAndBurn(inVain, x => (x.Message.Stage, x.Message.Code, $"{x.Message.Detail}; restoring was asked for {x.Saga.Restores} times, in vain")))),
            other => otherwise(other));

    private bool CanRestore(Payout payout, PayoutFailed failed) =>
        failed is { Code: FailureCode.EntryArchived, RestoreXdr: not null } && _options.LiveExecution && _options.CanBurn(payout.Channel!);
}
