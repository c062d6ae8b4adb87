using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Consumers;

/// <summary>Signs away a slot, with a channel's own key.</summary>
public sealed class BurnSlotConsumer(Inbox<SignerDbContext, BurnSlot> inbox) : IConsumer<BurnSlot>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<BurnSlot> context) => inbox.RunAsync(context, context.Message);
}

/// <summary>Has slots burned inside the transaction that takes the command.</summary>
public sealed class BurnDesk(SlotBurner burner)
{
    /// <summary>Signs each and hands it to payout-submitter.</summary>
    public Task TakeAsync(IReadOnlyList<BurnSlot> commands, UnitOfWork<SignerDbContext> unit, CancellationToken cancellationToken)
    {
        foreach (var command in commands)
            unit.Publish(burner.Sign(command));
        return Task.CompletedTask;
    }
}
