using MassTransit;

namespace Payouts.Hosting.Steps;

/// <summary>The two points that only the transport sees: a message is here, a message was acknowledged to the broker.</summary>
internal sealed class QueueSteps(IStepPoints points) : IReceiveObserver
{
    public Task PreReceive(ReceiveContext context) => Pass(context, "received");

    public Task PostReceive(ReceiveContext context) => Pass(context, "acknowledged");

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;

    // payout-builder.build-payout is the queue of payout-builder: payout-builder/build-payout.
    private Task Pass(ReceiveContext context, string moment)
    {
        var queue = context.InputAddress.AbsolutePath.Split('/')[^1];
        var dot = queue.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0)
            points.Pass($"{queue[..dot]}/{queue[(dot + 1)..]}/{moment}");
        return Task.CompletedTask;
    }
}
