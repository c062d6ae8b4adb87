using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using MassTransit;
using MassTransit.Context;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace Payouts.Hosting.Sagas;

/// <summary>A received message whose publishes are captured.</summary>
internal sealed class CapturingReceiveContext(ReceiveContext context, CapturedEndpoints endpoints) : ReceiveContextProxy(context)
{
    public override IPublishEndpointProvider PublishEndpointProvider => endpoints;

    public override ISendEndpointProvider SendEndpointProvider => endpoints;
}

/// <summary>
/// An event that this process raises on a saga inside a transaction it already has: nothing was received, nothing is acknowledged.
/// </summary>
internal sealed class LocalReceiveContext(CapturedEndpoints endpoints, CancellationToken cancellationToken) : BasePipeContext(cancellationToken), ReceiveContext
{
    public TimeSpan ElapsedTime => TimeSpan.Zero;

    public Uri InputAddress { get; } = new("loopback://local/raised");

    public ContentType ContentType { get; } = new("application/json");

    public bool Redelivered => false;

    public Headers TransportHeaders => EmptyHeaders.Instance;

    public Task ReceiveCompleted => Task.CompletedTask;

    public bool IsDelivered => true;

    public bool IsFaulted => false;

    public ISendEndpointProvider SendEndpointProvider => endpoints;

    public IPublishEndpointProvider PublishEndpointProvider => endpoints;

    public bool PublishFaults => false;

    public MessageBody Body { get; } = new BytesMessageBody([]);

    public Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public Task NotifyFaulted(Exception exception) => Task.CompletedTask;

    public void AddReceiveTask(Task task)
    {
        // Raised events are awaited where they are raised; there is no delivery that could complete later.
    }
}

/// <summary>The consume side of an event raised locally.</summary>
internal sealed class LocalConsumeContext<TMessage>(LocalReceiveContext receive, Guid correlationId, TMessage message)
    : BaseConsumeContext(receive, null!), ConsumeContext<TMessage>
    where TMessage : class
{
    public TMessage Message => message;

    public override Guid? CorrelationId => correlationId;

    public override Guid? MessageId => null;

    public override Guid? RequestId => null;

    public override Guid? ConversationId => null;

    public override Guid? InitiatorId => null;

    public override DateTime? ExpirationTime => null;

    public override Uri SourceAddress => ReceiveContext.InputAddress;

    public override Uri DestinationAddress => ReceiveContext.InputAddress;

    public override Uri ResponseAddress => null!;

    public override Uri FaultAddress => null!;

    public override DateTime? SentTime => null;

    public override Headers Headers => EmptyHeaders.Instance;

    public override HostInfo Host => null!;

    public override IEnumerable<string> SupportedMessageTypes => [MessageUrn.ForTypeString<TMessage>()];

    public override Task ConsumeCompleted => Task.CompletedTask;

    public override bool HasPayloadType(Type payloadType) => ReceiveContext.HasPayloadType(payloadType);

    public override bool TryGetPayload<T>([NotNullWhen(true)] out T? payload)
        where T : class => ReceiveContext.TryGetPayload(out payload);

    public override T GetOrAddPayload<T>(PayloadFactory<T> payloadFactory) => ReceiveContext.GetOrAddPayload(payloadFactory);

    public override T AddOrUpdatePayload<T>(PayloadFactory<T> addFactory, UpdatePayloadFactory<T> updateFactory) =>
        ReceiveContext.AddOrUpdatePayload(addFactory, updateFactory);

    public override bool HasMessageType(Type messageType) => messageType.IsInstanceOfType(message);

    public override bool TryGetMessage<T>([NotNullWhen(true)] out ConsumeContext<T>? consumeContext)
        where T : class
    {
        consumeContext = this as ConsumeContext<T>;
        return consumeContext is not null;
    }

    public override void AddConsumeTask(Task task)
    {
        // As above: nothing outlives the transaction.
    }

    public Task NotifyConsumed(TimeSpan duration, string consumerType) => Task.CompletedTask;

    public Task NotifyFaulted(TimeSpan duration, string consumerType, Exception exception) => Task.CompletedTask;

    public void Method1()
    {
        // Required by the interface, which reserves the name.
    }

    public void Method2()
    {
        // Required by the interface, which reserves the name.
    }

    public void Method3()
    {
        // Required by the interface, which reserves the name.
    }
}
