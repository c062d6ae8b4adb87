using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Signer.Answers;

namespace Payouts.Signer.Consumers;

/// <summary>Takes the external signer's signatures. A wrong one becomes a dead letter; the request stays open.</summary>
public sealed class SigningCompletedConsumer(AnswerDesk desk) : IConsumer<SigningCompleted>
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SigningCompleted> context)
    {
        var message = context.Message;
        var answer = new Answer { TransactionHash = message.TransactionHash, SignedXdr = message.SignedXdr, Signatures = message.Signatures };
        if (await desk.CompleteAsync(message.RequestId, answer, context, context.CancellationToken) is AnswerOutcome.Refused refused)
            throw new RefusedMessageException(refused.Problem.ToString(), refused.Detail);
    }
}
