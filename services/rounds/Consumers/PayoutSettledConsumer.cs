using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Direct;
using Payouts.Rounds.Settlement;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Consumers;

/// <summary>Handles <see cref="PayoutSettled"/>.</summary>
internal sealed class PayoutSettledConsumer(Inbox<RoundsDbContext, PayoutSettled> inbox, Inbox<RoundsDbContext, DirectEnd> direct) : IConsumer<PayoutSettled>
{
    public Task Consume(ConsumeContext<PayoutSettled> context) => PayoutSettledCheck.Problem(context.Message) is { } problem
        ? throw new RefusedMessageException("PayoutInvalid", problem)
        : DirectName.Is(context.Message.RoundId) ? direct.RunAsync(context, new DirectEnd(context.Message))
        : inbox.RunAsync(context, context.Message);
}
