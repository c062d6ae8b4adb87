using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Consumers;

/// <summary>Checks a transaction by itself, outside the transaction, then has it decided.</summary>
public sealed class SignPayoutConsumer(Inbox<SignerDbContext, CheckedRequest> inbox, IntentCheck check, HotSigner hot, IStepPoints points) : IConsumer<SignPayout>
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SignPayout> context)
    {
        var asked = SignOrder.Of(context.Message);
        var verdict = check.Check(asked);
        var signedXdr = await hot.SignAheadAsync(asked, verdict, context.CancellationToken);
        points.Pass("payout-signer/sign-payout/checked");
        await inbox.RunAsync(context, new CheckedRequest(asked, verdict, signedXdr));
    }
}
