using MassTransit;
using MassTransit.Context;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Sagas;

/// <summary>
/// Raises events on sagas inside a transaction that this process already has: planning, leasing and deadlines need no message
/// of their own, and still only the state machine decides what follows.
/// </summary>
public sealed class SagaRaiser<TDb, TSaga>(MassTransitStateMachine<TSaga> machine)
    where TDb : ServiceDbContext
    where TSaga : class, SagaStateMachineInstance
{
    /// <summary>Raises the event on an instance that the transaction has locked or added.</summary>
    /// <exception cref="NotAcceptedStateMachineException">The machine has no cell for this event in the instance's state.</exception>
    public Task RaiseAsync<TEvent>(UnitOfWork<TDb> unit, TSaga saga, Event<TEvent> @event, TEvent data, CancellationToken cancellationToken)
        where TEvent : class
    {
        var receive = new LocalReceiveContext(new CapturedEndpoints(unit), cancellationToken);
        receive.GetOrAddPayload(() => unit);
        var message = new LocalConsumeContext<TEvent>(receive, saga.CorrelationId, data);
        var consume = new DefaultSagaConsumeContext<TSaga, TEvent>(message, saga);
        return ((StateMachine<TSaga>)machine).RaiseEvent(new MassTransitStateMachine<TSaga>.BehaviorContextProxy<TEvent>(machine, consume, consume, @event));
    }
}
