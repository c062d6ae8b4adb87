using System.Reflection;
using MassTransit;
using MassTransit.Context;
using Payouts.Tests.Simulation.Chance;

namespace Payouts.Tests.Simulation.Wiring;

/// <summary>Stands where a service's relay sends: what it ships arrives in the simulated broker, byte for byte under its own id.</summary>
internal class RelayBus : DispatchProxy
{
    private ISendEndpoint _endpoint = null!;

    public static IBus For(ServiceProcess process, Broker broker, Points points, Dice dice, Tally tally)
    {
        var bus = Create<IBus, RelayBus>();
        var endpoint = Create<ISendEndpoint, SendDoor>();
        ((SendDoor)endpoint).Set(process, broker, points, dice, tally);
        ((RelayBus)bus)._endpoint = endpoint;
        return bus;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IPublishEndpointProvider.GetPublishSendEndpoint)
            ? Task.FromResult(_endpoint)
            : throw new NotSupportedException($"a service asked its bus for {targetMethod.Name}; only the relay may send, and what is stored");
}

/// <summary>One send with publisher confirm.</summary>
internal class SendDoor : DispatchProxy
{
    private ServiceProcess _process = null!;
    private Broker _broker = null!;
    private Points _points = null!;
    private Dice _dice = null!;
    private Tally _tally = null!;

    public void Set(ServiceProcess process, Broker broker, Points points, Dice dice, Tally tally) => (_process, _broker, _points, _dice, _tally) = (process, broker, points, dice, tally);

    // The relay sends a type of its own that only carries the stored bytes.
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => typeof(SendDoor)
        .GetMethod(nameof(SendAsync), BindingFlags.NonPublic | BindingFlags.Instance)!
        .MakeGenericMethod(targetMethod!.GetGenericArguments()[0]).Invoke(this, args);

    private async Task SendAsync<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        await _points.PassAsync(_process, "before-publish");
        if (_broker.IsFaulty && _dice.Chance(15))
        {
            _tally.Add("fault", "BrokerRefuses");
            throw new InvalidOperationException("the broker did not confirm");
        }

        var context = new MessageSendContext<T>(message, cancellationToken);
        await pipe.Send(context);
        var body = context.Serializer.GetMessageBody(context).GetBytes();
        var urn = context.Headers.Get<string>(MessageHeaders.MessageType) ?? throw new InvalidOperationException("a message left without its type");
        _broker.Publish(urn, context.MessageId!.Value, body);
        await _points.PassAsync(_process, "published");
    }
}
