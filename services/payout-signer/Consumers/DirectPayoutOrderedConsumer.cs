using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Configuration;
using Payouts.Signer.Orders;

namespace Payouts.Signer.Consumers;

/// <summary>Keeps the signer's own copy of what is owed outside rounds, from the one service that may say so.</summary>
public sealed class DirectPayoutOrderedConsumer(Inbox<SignerDbContext, IReadOnlyList<Order>> inbox, SignerPolicy policy) : IConsumer<DirectPayoutOrdered>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<DirectPayoutOrdered> context)
    {
        RoundLimits.Require(context.Message);
        return inbox.RunAsync(context, [Order.From(context.Message, policy.Network.Passphrase, policy.Call.Contract.ToString())], "direct");
    }
}
