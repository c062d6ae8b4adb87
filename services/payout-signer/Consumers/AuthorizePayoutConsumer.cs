using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Signer.Intent;
using Payouts.Signer.Requests;

namespace Payouts.Signer.Consumers;

/// <summary>Checks an authorization by itself, outside the transaction, then has it decided.</summary>
public sealed class AuthorizePayoutConsumer(Inbox<SignerDbContext, CheckedRequest> inbox, IntentCheck check, HotSigner hot, IStepPoints points) : IConsumer<AuthorizePayout>
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<AuthorizePayout> context)
    {
        var asked = SignOrder.Of(context.Message);
        var verdict = check.Check(asked);
        var signedXdr = await hot.SignAheadAsync(asked, verdict, context.CancellationToken);
        points.Pass("payout-signer/authorize-payout/checked");
        await inbox.RunAsync(context, new CheckedRequest(asked, verdict, signedXdr));
    }
}
