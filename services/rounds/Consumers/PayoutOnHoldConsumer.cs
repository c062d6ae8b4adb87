using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Consumers;

/// <summary>Handles <see cref="PayoutOnHold"/>.</summary>
internal sealed class PayoutOnHoldConsumer(Inbox<RoundsDbContext, PayoutOnHold> inbox) : IConsumer<PayoutOnHold>
{
    public Task Consume(ConsumeContext<PayoutOnHold> context) => inbox.RunAsync(context, context.Message);
}
