using MassTransit;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Observability;
using Payouts.Signers;
using Payouts.Signers.Requests;

namespace Payouts.SignerWorker;

/// <summary>
/// Checks, signs, answers. While the key's provider fails, the request is kept and tried again until its deadline: a rejection would put the payout
/// before a human, although nothing is wrong with it. A request whose deadline is over is left: the payout is asked for anew.
/// </summary>
public sealed class SigningRequestedConsumer(RequestAnswerer answerer, GuardedKey key, TimeProvider time, ILogger<SigningRequestedConsumer> logger)
    : IConsumer<SigningRequested>
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SigningRequested> context)
    {
        var (request, began) = (context.Message, time.GetUtcNow());
        if (answerer.WhyNot(request) is { } reason)
        {
            logger.RequestRejected(request.RequestId, request.PayoutId.Value, reason);
            await context.Publish(answerer.Reject(request, reason));
        }
        else if (await SignAsync(request, context.CancellationToken) is { } completed)
        {
            await context.Publish(completed);
            PayoutTrace.WriteSigned(request, began, time.GetUtcNow());
            logger.RequestSigned(request.RequestId, request.PayoutId.Value);
        }
    }

    private async Task<SigningCompleted?> SignAsync(SigningRequested request, CancellationToken cancellationToken)
    {
        for (var failures = 1; time.GetUtcNow() < request.Deadline; failures++)
        {
            try
            {
                return await answerer.SignAsync(request, cancellationToken);
            }
            catch (SigningFailedException failure)
            {
                logger.SigningFailed(request.RequestId, request.PayoutId.Value, failure.Message);
                await Task.Delay(key.Limits.PauseAfter(failures), time, cancellationToken);
            }
        }

        logger.RequestTooLate(request.RequestId, request.PayoutId.Value);
        return null;
    }
}

/// <summary>The queue that all instances of the worker share who have one key.</summary>
internal sealed class SigningRequestedConsumerDefinition : ConsumerDefinition<SigningRequestedConsumer>
{
    private const int RetriesMax = 8;
    private readonly int _atOnceMax;

    public SigningRequestedConsumerDefinition(GuardedKey key, SignerWorkerSettings settings)
    {
        EndpointName = settings.Queue;
        // What the provider takes at once, and as many that are being checked.
        _atOnceMax = key.Limits.ConcurrencyMax * 2;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<SigningRequestedConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = _atOnceMax;
        endpointConfigurator.ConcurrentMessageLimit = _atOnceMax;
        endpointConfigurator.PublishFaults = false;
        endpointConfigurator.UseMessageRetry(retry => retry.Exponential(RetriesMax, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(100)));
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbit)
            rabbit.SetQuorumQueue();
    }
}
