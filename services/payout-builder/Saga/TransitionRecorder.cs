using MassTransit;

namespace Payouts.Builder.Saga;

/// <summary>Writes every change of state into the payout's history, in the transaction that makes it, and counts it.</summary>
internal sealed class TransitionRecorder : IStateObserver<Payout>
{
    public Task StateChanged(BehaviorContext<Payout> context, State currentState, State previousState)
    {
        var payout = context.Saga;
        var unit = context.Unit();
        var from = previousState?.Name ?? "Initial";
        payout.EnteredStateAt = unit.Now;
        unit.Db.Transitions.Add(Record(context, from, currentState.Name,
            payout.HoldCode is { } code ? $"{code}: {payout.HoldDetail}" : null));
        BuilderMetrics.Transitions.WithLabels(from, currentState.Name).Inc();
        return Task.CompletedTask;
    }

    public static PayoutTransition Record(BehaviorContext<Payout> context, string from, string to, string? detail) => new()
    {
        PayoutId = context.Saga.CorrelationId,
        Number = ++context.Saga.Version,
        FromState = from,
        ToState = to,
        Event = context.Event.Name,
        Attempt = context.Saga.Attempt,
        TransactionHash = context.Saga.TransactionHash,
        Detail = detail,
        At = context.Now(),
    };
}
