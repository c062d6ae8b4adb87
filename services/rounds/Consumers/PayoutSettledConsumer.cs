using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Settlement;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Consumers;

/// <summary>Handles <see cref="PayoutSettled"/>.</summary>
internal sealed class PayoutSettledConsumer(Inbox<RoundsDbContext, PayoutSettled> inbox) : IConsumer<PayoutSettled>
{
    public Task Consume(ConsumeContext<PayoutSettled> context) => PayoutSettledCheck.Problem(context.Message) is { } problem
        ? throw new RefusedMessageException("PayoutInvalid", problem)
        : inbox.RunAsync(context, context.Message);
}
