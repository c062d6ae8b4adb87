using MassTransit;
using Payouts.Contracts;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Consumers;

/// <summary>A call is to be authorized.</summary>
public sealed class AuthorizePayoutConsumer(SignIntake intake) : IConsumer<AuthorizePayout>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<AuthorizePayout> context) => intake.TakeAsync(context, SignOrder.Of(context.Message), "payout-signer/authorize-payout/checked");
}
