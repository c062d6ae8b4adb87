using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Answers;

namespace Payouts.Signer.Consumers;

/// <summary>Takes the external signer's refusals to sign: the payout goes to a human.</summary>
public sealed class SigningRejectedConsumer(AnswerDesk desk) : IConsumer<SigningRejected>
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SigningRejected> context)
    {
        var message = context.Message;
        if (await desk.RejectAsync(message.RequestId, message.Reason, context, context.CancellationToken) is AnswerOutcome.Refused refused)
            throw new RefusedMessageException(refused.Problem.ToString(), refused.Detail);
    }
}
