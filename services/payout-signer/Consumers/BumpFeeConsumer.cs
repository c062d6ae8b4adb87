using MassTransit;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Consumers;

/// <summary>Makes a released envelope worth more, with the fee account's key.</summary>
public sealed class BumpFeeConsumer(Inbox<SignerDbContext, BumpFee> inbox) : IConsumer<BumpFee>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<BumpFee> context) => inbox.RunAsync(context, context.Message);
}

/// <summary>Has fees bumped inside the transaction that takes the command.</summary>
public sealed class BumpDesk(FeeBumper bumper)
{
    /// <summary>Signs each and hands it to payout-submitter.</summary>
    public async Task TakeAsync(IReadOnlyList<BumpFee> commands, UnitOfWork<SignerDbContext> unit, CancellationToken cancellationToken)
    {
        var payouts = commands.Select(x => x.PayoutId).Distinct().ToList();
        var requests = await unit.Db.SignRequests.AsNoTracking().Where(x => payouts.Contains(x.PayoutId)).ToListAsync(cancellationToken);
        foreach (var command in commands)
            unit.Publish(bumper.Sign(command, requests.Find(x => x.PayoutId == command.PayoutId && x.TransactionHash == command.TransactionHash)));
    }
}
