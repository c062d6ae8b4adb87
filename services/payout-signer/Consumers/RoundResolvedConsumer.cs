using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;
using Payouts.Signer.Orders;

namespace Payouts.Signer.Consumers;

/// <summary>Keeps the signer's own copy of every debt.</summary>
public sealed class RoundResolvedConsumer(Inbox<SignerDbContext, IReadOnlyList<Order>> inbox, SignerPolicy policy) : IConsumer<RoundResolved>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<RoundResolved> context)
    {
        RoundLimits.Require(context.Message);
        return inbox.RunAsync(context, Order.From(context.Message, policy.Network.Passphrase, policy.Call.Contract.ToString()));
    }
}
