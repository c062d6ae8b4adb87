using MassTransit;
using Payouts.Contracts;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Consumers;

/// <summary>A transaction is to be signed.</summary>
public sealed class SignPayoutConsumer(SignIntake intake) : IConsumer<SignPayout>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<SignPayout> context) => intake.TakeAsync(context, SignOrder.Of(context.Message), "payout-signer/sign-payout/checked");
}
