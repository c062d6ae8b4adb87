using MassTransit;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;
using Payouts.Signer.Intent;

namespace Payouts.Signer.Requests;

/// <summary>Checks what is asked by itself, outside the transaction, then has it decided.</summary>
public sealed class SignIntake(Inbox<SignerDbContext, CheckedRequest> inbox, IntentCheck check, HotSigner hot, IStepPoints points)
{
    /// <summary>Takes a command; <paramref name="point"/> names the step between check and decision.</summary>
    public async Task TakeAsync(ConsumeContext message, SignOrder asked, string point)
    {
        var verdict = check.Check(asked);
        var signedXdr = await hot.SignAheadAsync(asked, verdict, message.CancellationToken);
        points.Pass(point);
        await inbox.RunAsync(message, new CheckedRequest(asked, verdict, signedXdr));
    }
}
