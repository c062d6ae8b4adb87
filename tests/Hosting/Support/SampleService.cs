using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Sagas;
using Payouts.Hosting.Web;

namespace Payouts.Hosting.Tests.Support;

/// <summary>
/// The smallest service: it writes the reason of every CancelPayout down as a fact and announces it, and counts Counted messages.
/// What the reason says, its handler does: see <see cref="Behaviour"/>.
/// </summary>
internal sealed class SampleModule(bool consumes = true) : IServiceModule
{
    public string Name => "sample";

    public void AddServices(IServiceCollection services, Settings settings)
    {
        services.AddServiceDatabase<SampleDb>(settings.Parsed(SettingNames.DatabaseUrl, url => DatabaseSettings.Parse(url, SampleStore.Schema), "a database"));
        services.AddSingleton<Behaviour>();
        services.AddSingleton(provider => new Inbox<SampleDb, CancelPayout>(
            provider.GetRequiredService<UnitOfWorkFactory<SampleDb>>(), nameof(CancelPayoutConsumer), provider.GetRequiredService<Behaviour>().HandleAsync));
    }

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        if (!consumes)
            return;
        bus.AddConsumer<CancelPayoutConsumer, ServiceConsumerDefinition<CancelPayoutConsumer, SampleDb>>();
        bus.AddSagaStateMachine<TallyMachine, Tally, ServiceSagaDefinition<Tally, SampleDb>>().EntityFrameworkRepository<Tally, SampleDb>();
    }

    public void MapEndpoints(IEndpointRouteBuilder routes) => routes.MapDeadLetters<SampleDb>(Name);
}

internal sealed class CancelPayoutConsumer(Inbox<SampleDb, CancelPayout> inbox) : IConsumer<CancelPayout>
{
    public Task Consume(ConsumeContext<CancelPayout> context) => inbox.RunAsync(context, context.Message);
}

/// <summary>What the handler does: "throw" throws, "refuse" refuses, "refuse:WHY" says why, "gate" waits until the gate is opened; the rest succeeds.</summary>
internal sealed class Behaviour
{
    public ConcurrentQueue<IReadOnlyList<string>> Groups { get; } = new();

    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Mended { get; set; }

    public async Task HandleAsync(IReadOnlyList<CancelPayout> items, UnitOfWork<SampleDb> unit, CancellationToken cancellationToken)
    {
        Groups.Enqueue([.. items.Select(x => x.Reason)]);
        foreach (var item in items)
        {
            unit.Db.Facts.Add(new Fact { Id = Guid.CreateVersion7(), Text = item.Reason });
            unit.Publish(new RoundSettled
            {
                RoundId = item.Reason,
                Owed = Stroops.Zero,
                Paid = Stroops.Zero,
                Payouts = 0,
            });
        }

        if (items.Any(x => x.Reason == "gate"))
        {
            Entered.TrySetResult();
            await Gate.Task.WaitAsync(cancellationToken);
        }

        if (!Mended && items.Any(x => x.Reason == "throw"))
            throw new InvalidOperationException("the handler's own fault");
        if (items.Any(x => x.Reason == "refuse"))
            throw new RefusedMessageException("NotWanted", "the handler refuses it");
        if (items.FirstOrDefault(x => x.Reason.StartsWith("refuse:", StringComparison.Ordinal)) is { } said)
            throw new RefusedMessageException("NotWanted", said.Reason["refuse:".Length..]);
    }
}

/// <summary>One more for a tally.</summary>
public sealed record Counted
{
    public required Guid TallyId { get; init; }
}

internal sealed class TallyMachine : MassTransitStateMachine<Tally>
{
    public TallyMachine()
    {
        InstanceState(x => x.CurrentState);
        Event(() => Counted, x => x.CorrelateById(context => context.Message.TallyId));
        Initially(When(Counted).Then(Count).TransitionTo(Active));
        During(Active, When(Counted).Then(Count));
    }

    public State Active { get; private set; } = null!;

    public Event<Counted> Counted { get; private set; } = null!;

    private static void Count(BehaviorContext<Tally, Counted> context)
    {
        context.Saga.Count++;
        context.Saga.Version++;
    }
}
