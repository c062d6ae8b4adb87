using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;

namespace Payouts.Builder.Planning;

/// <summary>Turns what is owed outside rounds into payouts, each debt once.</summary>
public sealed class DirectPayoutOrderedConsumer(Inbox<BuilderDbContext, DirectPayoutOrdered> inbox) : IConsumer<DirectPayoutOrdered>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<DirectPayoutOrdered> context)
    {
        RoundLimits.Require(context.Message);
        return inbox.RunAsync(context, context.Message);
    }
}
