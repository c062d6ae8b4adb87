using MassTransit;
using Payouts.Contracts;
using Payouts.Rounds.Direct;

namespace Payouts.Rounds.Consumers;

/// <summary>Handles <see cref="DirectPayoutRequested"/>.</summary>
internal sealed class DirectPayoutRequestedConsumer(DirectIntake intake) : IConsumer<DirectPayoutRequested>
{
    public Task Consume(ConsumeContext<DirectPayoutRequested> context) => intake.TakeAsync(context);
}
