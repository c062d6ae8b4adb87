using MassTransit;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Sagas;

/// <summary>
/// Stands where MassTransit would send: everything a state machine publishes goes into the outbox of the saga's own transaction,
/// so `.Publish(...)` in a machine cannot outrun, or survive, the state change that it belongs to.
/// </summary>
internal sealed class CapturedEndpoints(IOutbox outbox) : IPublishEndpointProvider, ISendEndpointProvider, ISendEndpoint
{
    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => Task.FromResult<ISendEndpoint>(this);

    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => throw Unsupported("an address");

    public Task Send<T>(T message, CancellationToken cancellationToken)
        where T : class => Capture(message);

    public Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class => Capture(message);

    public Task Send<T>(T message, IPipe<SendContext> pipe, CancellationToken cancellationToken)
        where T : class => Capture(message);

    public Task Send(object message, CancellationToken cancellationToken) => Capture(message);

    public Task Send(object message, Type messageType, CancellationToken cancellationToken) => Capture(message);

    public Task Send(object message, IPipe<SendContext> pipe, CancellationToken cancellationToken) => Capture(message);

    public Task Send(object message, Type messageType, IPipe<SendContext> pipe, CancellationToken cancellationToken) => Capture(message);

    public Task Send<T>(object values, CancellationToken cancellationToken)
        where T : class => throw Unsupported("a message initializer");

    public Task Send<T>(object values, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class => throw Unsupported("a message initializer");

    public Task Send<T>(object values, IPipe<SendContext> pipe, CancellationToken cancellationToken)
        where T : class => throw Unsupported("a message initializer");

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => throw Unsupported("an observer");

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => throw Unsupported("an observer");

    private Task Capture(object message)
    {
        outbox.Publish(message);
        return Task.CompletedTask;
    }

    private static NotSupportedException Unsupported(string what) =>
        new($"a state machine publishes contracts as objects; {what} cannot go through the outbox");
}
