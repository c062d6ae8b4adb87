using MassTransit;
using Payouts.Hosting.Messaging;

namespace Payouts.Builder.Saga;

/// <summary>What the state machine reaches through its context: the transaction it runs in.</summary>
internal static class BehaviorContextExtensions
{
    public static UnitOfWork<BuilderDbContext> Unit(this PipeContext context) => context.GetPayload<UnitOfWork<BuilderDbContext>>();

    /// <summary>The transaction's one time.</summary>
    public static DateTimeOffset Now(this PipeContext context) => context.Unit().Now;

    /// <summary>Writes into the payout's history without a change of state.</summary>
    public static void Note<T>(this BehaviorContext<Payout, T> context, string detail)
        where T : class =>
        context.Unit().Db.Transitions.Add(TransitionRecorder.Record(context, context.Saga.CurrentState, context.Saga.CurrentState, detail));
}
