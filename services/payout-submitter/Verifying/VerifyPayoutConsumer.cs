using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;

namespace Payouts.Submitter.Verifying;

/// <summary>Asks before the transaction; only the answer is in it.</summary>
public sealed class VerifyPayoutConsumer(PaymentSearch search, Inbox<SubmitterDbContext, PayoutVerified> inbox) : IConsumer<VerifyPayout>, IWorkOutsideTheTransaction
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<VerifyPayout> context) =>
        await inbox.RunAsync(context, await search.VerifyAsync(context.Message, context.CancellationToken));

    /// <summary>Announces the answers.</summary>
    public static Task AnnounceAsync(IReadOnlyList<PayoutVerified> answers, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        foreach (var answer in answers)
            unit.Publish(answer);
        return Task.CompletedTask;
    }
}
