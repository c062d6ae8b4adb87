using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Answers;

namespace Payouts.Signer.Consumers;

/// <summary>Takes the external signer's refusals to sign: the payout goes to a human, when it cannot be signed without them.</summary>
public sealed class SigningRejectedConsumer(AnswerDesk desk) : IConsumer<SigningRejected>
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SigningRejected> context)
    {
        var message = context.Message;
        if (await desk.RejectAsync(message.RequestId, new Rejection { Reason = message.Reason, PublicKey = message.PublicKey }, context, context.CancellationToken) is AnswerOutcome.Refused refused)
            throw new RefusedMessageException(refused.Problem.ToString(), refused.Detail);
    }
}
