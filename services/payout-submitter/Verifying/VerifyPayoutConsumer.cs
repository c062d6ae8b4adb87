using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;

namespace Payouts.Submitter.Verifying;

/// <summary>Asks before the transaction; only the answer is in it.</summary>
public sealed class VerifyPayoutConsumer(PaymentSearch search, Inbox<SubmitterDbContext, PayoutVerified> inbox, IStepPoints points) : IConsumer<VerifyPayout>, IWorkOutsideTheTransaction
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<VerifyPayout> context)
    {
        var answer = await search.VerifyAsync(context.Message, context.CancellationToken);
        points.Pass("payout-submitter/VerifyPayoutConsumer/asked");
        await inbox.RunAsync(context, answer);
    }

    /// <summary>Announces the answers.</summary>
    public static Task AnnounceAsync(IReadOnlyList<PayoutVerified> answers, UnitOfWork<SubmitterDbContext> unit, CancellationToken cancellationToken)
    {
        foreach (var answer in answers)
            unit.Publish(answer);
        return Task.CompletedTask;
    }
}
