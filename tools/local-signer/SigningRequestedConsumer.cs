using MassTransit;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Observability;
using Payouts.Signers.Local;
using Payouts.Signers.Requests;

namespace Payouts.LocalSigner;

/// <summary>
/// Checks, signs, answers. It remembers nothing: Ed25519 gives the same signature for a repeated request, and payout-signer takes only the first.
/// </summary>
public sealed partial class SigningRequestedConsumer(LocalSignerSettings settings, LocalSignerOptions options, TimeProvider time, ILogger<SigningRequestedConsumer> logger)
    : IConsumer<SigningRequested>
{
    private readonly RequestAnswerer _answerer = new(settings.Policy, new LocalKey(settings.Key));

    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SigningRequested> context)
    {
        var (request, began) = (context.Message, time.GetUtcNow());
        if (options.AnswerDelay > TimeSpan.Zero)
            await Task.Delay(options.AnswerDelay, time, context.CancellationToken);
        if (_answerer.WhyNot(request) is { } reason)
        {
            Rejects(logger, request.RequestId, request.PayoutId.Value, reason);
            await context.Publish(_answerer.Reject(request, reason));
        }
        else if (options.Answer(request, await _answerer.SignAsync(request, context.CancellationToken)) is { } answer)
        {
            await context.Publish(answer);
            PayoutTrace.WriteSigned(request, began, time.GetUtcNow());
            Answers(logger, request.RequestId, request.PayoutId.Value);
        }
    }

    [LoggerMessage(LogLevel.Debug, "request {requestId}: payout {payoutId} is answered")]
    private static partial void Answers(ILogger logger, Guid requestId, Guid payoutId);

    [LoggerMessage(LogLevel.Warning, "request {requestId}: payout {payoutId} is rejected: {reason}")]
    private static partial void Rejects(ILogger logger, Guid requestId, Guid payoutId, string reason);
}

/// <summary>The local signer's own queue.</summary>
internal sealed class SigningRequestedConsumerDefinition : ConsumerDefinition<SigningRequestedConsumer>
{
    private const int AtOnceMax = 200;
    private const int RetriesMax = 8;

    public SigningRequestedConsumerDefinition() => EndpointName = "local-signer.signing-requested";

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<SigningRequestedConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = AtOnceMax;
        endpointConfigurator.ConcurrentMessageLimit = AtOnceMax;
        endpointConfigurator.PublishFaults = false;
        endpointConfigurator.UseMessageRetry(retry => retry.Exponential(RetriesMax, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(100)));
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbit)
            rabbit.SetQuorumQueue();
    }
}
