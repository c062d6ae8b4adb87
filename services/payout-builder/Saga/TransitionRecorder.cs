using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Observability;

namespace Payouts.Builder.Saga;

/// <summary>Writes every change of state into the payout's history, in the transaction that makes it, and counts it.</summary>
internal sealed class TransitionRecorder : IStateObserver<Payout>
{
    public Task StateChanged(BehaviorContext<Payout> context, State currentState, State previousState)
    {
        var payout = context.Saga;
        var unit = context.Unit();
        var from = previousState?.Name ?? "Initial";
        Trace(payout, from, currentState.Name, context.Event.Name, unit);
        payout.EnteredStateAt = unit.Now;
        unit.Db.Transitions.Add(Record(context, from, currentState.Name,
            payout.HoldCode is { } code ? $"{code}: {payout.HoldDetail}" : null));
        BuilderMetrics.Transitions.WithLabels(from, currentState.Name).Inc();
        return Task.CompletedTask;
    }

    /// <summary>The state that is left, as a span.</summary>
    private static void Trace(Payout payout, string from, string to, string cause, UnitOfWork<BuilderDbContext> unit)
    {
        if (!PayoutTrace.IsOn || from == "Initial")
            return;
        var (id, since, now) = (payout.Id, payout.EnteredStateAt, unit.Now);
        var tags = new KeyValuePair<string, object?>[]
        {
            new("round.id", payout.RoundId), new("payout.attempt", payout.Attempt), new("payout.next_state", to), new("payout.event", cause), new("payout.hold_code", payout.HoldCode?.ToString()),
        };
        unit.AfterCommit(() => PayoutTrace.Write(id, from, since, now, tags));
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
