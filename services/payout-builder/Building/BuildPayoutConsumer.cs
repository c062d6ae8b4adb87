using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Steps;

namespace Payouts.Builder.Building;

/// <summary>Builds a payout's transaction. Asking the network happens before the transaction; only the announcement is in it.</summary>
public sealed class BuildPayoutConsumer(TransactionFactory factory, Inbox<BuilderDbContext, BuildOutcome> inbox, IStepPoints points, TimeProvider time, ILogger<BuildPayoutConsumer> logger)
    : IConsumer<BuildPayout>, IWorkOutsideTheTransaction
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<BuildPayout> context)
    {
        var began = time.GetTimestamp();
        var outcome = await factory.BuildAsync(context.Message, context.CancellationToken);
        BuilderMetrics.StageDuration.WithLabels("build").Observe(time.GetElapsedTime(began).TotalSeconds);
        if (outcome is BuildOutcome.NotBuilt { Event: var failed })
        {
            BuilderMetrics.Failures.WithLabels(failed.Stage.ToString(), failed.Code.ToString()).Inc();
            Log.NotBuilt(logger, failed.PayoutId.Value, failed.Attempt, failed.Code.ToString(), failed.Detail);
        }

        points.Pass("payout-builder/BuildPayoutConsumer/built");
        await inbox.RunAsync(context, outcome);
    }

    /// <summary>Announces what was built, and what was not.</summary>
    public static Task AnnounceAsync(IReadOnlyList<BuildOutcome> outcomes, UnitOfWork<BuilderDbContext> unit, CancellationToken cancellationToken)
    {
        foreach (var outcome in outcomes)
        {
            unit.Publish(outcome switch
            {
                BuildOutcome.Built built => built.Event,
                BuildOutcome.NotBuilt notBuilt => notBuilt.Event,
                _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no build outcome"),
            });
        }

        return Task.CompletedTask;
    }
}
