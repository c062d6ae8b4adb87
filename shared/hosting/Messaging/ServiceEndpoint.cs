using System.Runtime.Serialization;
using System.Text.Json;
using MassTransit;
using Payouts.Hosting.Database;
using Payouts.Hosting.DeadLetters;

namespace Payouts.Hosting.Messaging;

/// <summary>What every queue of a service has: quorum, bounded retries outside the transaction, dead letters in the service's table.</summary>
public sealed class ServiceEndpoint<TDb>(DatabaseOf<TDb> database, DeadLetterFilter<TDb> deadLetters)
    where TDb : ServiceDbContext
{
    /// <summary>Tries after the first, with growing pauses: about 20 s in all.</summary>
    private const int RetriesMax = 8;

    /// <summary>
    /// Deliveries of one message before the broker itself puts it aside. RabbitMQ 4 would do so after 20, which a long database
    /// outage reaches with innocent messages.
    /// </summary>
    private const int DeliveriesMax = 100_000;

    /// <summary>payout-builder.build-payout: the service, then the contract or consumer.</summary>
    public string NameOf(string suffix) => $"{database.Settings.Schema.Replace('_', '-')}.{suffix}";

    /// <summary>Configures one queue.</summary>
    public void Configure(IReceiveEndpointConfigurator endpoint, int prefetchCount)
    {
        endpoint.PrefetchCount = prefetchCount;
        endpoint.ConcurrentMessageLimit = prefetchCount;
        endpoint.PublishFaults = false;
        endpoint.UseMessageRetry(retry =>
        {
            retry.Ignore<RefusedMessageException>();
            retry.Ignore<JsonException>();
            retry.Ignore<SerializationException>();
            retry.Exponential(RetriesMax, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(100));
        });
        endpoint.ConfigureError(pipe => pipe.UseFilter(deadLetters));
        endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(deadLetters));
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.SetQuorumQueue();
            rabbit.SetQueueArgument("x-delivery-limit", DeliveriesMax);
        }
    }
}

/// <summary>A consumer of a service, on a queue named after the service and the contract.</summary>
public sealed class ServiceConsumerDefinition<TConsumer, TDb> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
    where TDb : ServiceDbContext
{
    private readonly ServiceEndpoint<TDb> _endpoint;

    /// <summary>Names the queue.</summary>
    public ServiceConsumerDefinition(ServiceEndpoint<TDb> endpoint)
    {
        _endpoint = endpoint;
        EndpointName = endpoint.NameOf(KebabCaseEndpointNameFormatter.Instance.Consumer<TConsumer>());
    }

    /// <inheritdoc />
    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context) =>
        _endpoint.Configure(endpointConfigurator, typeof(IWorkOutsideTheTransaction).IsAssignableFrom(typeof(TConsumer)) ? 32 : 200);
}

/// <summary>A state machine of a service.</summary>
public sealed class ServiceSagaDefinition<TSaga, TDb> : SagaDefinition<TSaga>
    where TSaga : class, ISaga
    where TDb : ServiceDbContext
{
    private readonly ServiceEndpoint<TDb> _endpoint;

    /// <summary>Names the queue.</summary>
    public ServiceSagaDefinition(ServiceEndpoint<TDb> endpoint)
    {
        _endpoint = endpoint;
        EndpointName = endpoint.NameOf(KebabCaseEndpointNameFormatter.Instance.Saga<TSaga>());
    }

    /// <inheritdoc />
    protected override void ConfigureSaga(IReceiveEndpointConfigurator endpointConfigurator, ISagaConfigurator<TSaga> sagaConfigurator, IRegistrationContext context) =>
        _endpoint.Configure(endpointConfigurator, 200);
}

/// <summary>Marks a consumer that asks the network or signs before its transaction: fewer at once, each takes longer.</summary>
public interface IWorkOutsideTheTransaction;
