using MassTransit;
using Payouts.Builder.Authorizing;
using Payouts.Builder.Lanes;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Sagas;

namespace Payouts.Builder.Planning;

/// <summary>Turns what a round owes into payouts, each debt once.</summary>
public sealed class RoundResolvedConsumer(Inbox<BuilderDbContext, RoundResolved> inbox) : IConsumer<RoundResolved>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<RoundResolved> context)
    {
        RoundLimits.Require(context.Message);
        return inbox.RunAsync(context, context.Message);
    }
}

/// <summary>Plans the payouts of rounds inside the transaction that takes the message.</summary>
public sealed class PayoutPlanner(PayoutStateMachine machine, BuilderOptions options, LaneSignal lanes, AuthorizationSignal authorizations, ILogger<PayoutPlanner> logger)
{
    private readonly SagaRaiser<BuilderDbContext, Payout> _raiser = new(machine);

    /// <summary>Plans every debt of the rounds that is not planned yet.</summary>
    /// <exception cref="RefusedMessageException">A debt was announced before with another amount or currency; nothing of the round is taken.</exception>
    public async Task PlanAsync(IReadOnlyList<RoundResolved> rounds, UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        await PlanAsync(rounds.SelectMany(Orders).ToList(), unit, cancellationToken);
        foreach (var round in rounds)
            Log.RoundPlanned(logger, round.RoundId, round.Payouts.Count);
    }

    /// <summary>Plans the debts outside rounds that are not planned yet.</summary>
    /// <exception cref="RefusedMessageException">The debt was announced before, with another amount or currency or by a round.</exception>
    public async Task PlanDirectAsync(IReadOnlyList<DirectPayoutOrdered> orders, UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        await PlanAsync(orders.Select(OrderOf).ToList(), unit, cancellationToken);
        foreach (var order in orders)
            Log.DirectPayoutPlanned(logger, order.Reference);
    }

    private async Task PlanAsync(List<PayoutPlanned> orders, UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        var instances = SagaInstances<BuilderDbContext, Payout>.Of(unit);
        await instances.LockAsync(orders.Select(order => order.PayoutId.Value), cancellationToken);
        foreach (var order in orders)
        {
            if (await instances.FindAsync(order.PayoutId.Value, cancellationToken) is { } known)
            {
                // A round and a direct payout that name one debt both want it paid, and the contract pays it once.
                if (known.Debt != order.Order || (known.RoundId != order.RoundId && (known.Reference is not null || order.Reference is not null)))
                    throw Conflict(known, order);
                // Whoever announces it again may have lost how it ended.
                if (known.End is { } end)
                    unit.Publish(known.Settled(end));
                continue;
            }

            var payout = new Payout { CorrelationId = order.PayoutId.Value };
            instances.Add(payout);
            await _raiser.RaiseAsync(unit, payout, machine.PayoutPlanned, order, cancellationToken);
        }

        unit.AfterCommit(options.Authorizes ? authorizations.Set : lanes.Set);
    }

    private IEnumerable<PayoutPlanned> Orders(RoundResolved round) => round.Payouts.Select(owed => new PayoutPlanned
    {
        PayoutId = PayoutId.Derive(options.Network.Passphrase, options.Contract.Contract.ToString(), round.Context, round.PoolId, round.RoundNumber, owed.Winner),
        RoundId = round.RoundId,
        Order = new PayoutOrder
        {
            Context = round.Context,
            PoolId = round.PoolId,
            RoundNumber = round.RoundNumber,
            Winner = owed.Winner,
            Amount = owed.Amount,
            Currency = round.Currency,
        },
    });

    private PayoutPlanned OrderOf(DirectPayoutOrdered order) => new()
    {
        PayoutId = PayoutId.Derive(options.Network.Passphrase, options.Contract.Contract.ToString(), order.Context, order.PoolId, order.RoundNumber, order.Winner),
        RoundId = DirectName.Of(order.Reference),
        Reference = order.Reference,
        Reason = order.Reason,
        Order = new PayoutOrder
        {
            Context = order.Context,
            PoolId = order.PoolId,
            RoundNumber = order.RoundNumber,
            Winner = order.Winner,
            Amount = order.Amount,
            Currency = order.Currency,
        },
    };

    private static RefusedMessageException Conflict(Payout known, PayoutPlanned order) => new(
        nameof(FailureCode.OrderConflict),
        $"round {order.RoundId} owes {order.Order.Amount} {order.Order.Currency} to {order.Order.Winner}, but the same debt "
        + $"({known.Context}, {known.PoolId}, {known.RoundNumber}) was taken before with {known.Amount} {known.Currency} for round {known.RoundId}; "
        + "a debt cannot change: correct it with another round number");
}
