using MassTransit;
using Payouts.Builder.Authorizing;
using Payouts.Builder.Balances;
using Payouts.Builder.Building;
using Payouts.Builder.Deciding;
using Payouts.Builder.Http;
using Payouts.Builder.Lanes;
using Payouts.Builder.Planning;
using Payouts.Builder.Reconciling;
using Payouts.Builder.Recovering;
using Payouts.Builder.Saga;
using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Retention;
using Payouts.Hosting.Rpc;
using Payouts.Hosting.Sagas;
using Payouts.Hosting.Web;

namespace Payouts.Builder;

/// <summary>payout-builder: plans payouts, leases slots, builds transactions, and holds the saga that coordinates each payout.</summary>
public sealed class PayoutBuilderModule : IServiceModule
{
    /// <inheritdoc />
    public string Name => "payout-builder";

    /// <inheritdoc />
    public string Schema => "payout_builder";

    /// <inheritdoc />
    public void AddServices(IServiceCollection services, Settings settings)
    {
        var options = BuilderOptions.Read(settings);
        var database = settings.Parsed(SettingNames.DatabaseUrl, url => DatabaseSettings.Parse(url, Schema), "a database");
        var deciding = DecidingOptions.Read(settings);
        var reconciling = ReconcilingOptions.Read(settings, options);
        services.AddSingleton(options);
        if (database is null)
            return;
        services.AddServiceDatabase<BuilderDbContext>(database);
        services.AddRetention(settings, BuilderRetention.Rules);
        services.AddSorobanRpc(settings);
        services.AddSingleton<LaneSignal>();
        services.AddSingleton<AuthorizationSignal>();
        services.AddSingleton<PayoutPlanner>();
        services.AddSingleton(provider => new Inbox<BuilderDbContext, RoundResolved>(
            provider.GetRequiredService<UnitOfWorkFactory<BuilderDbContext>>(), nameof(RoundResolvedConsumer), provider.GetRequiredService<PayoutPlanner>().PlanAsync));
        services.AddSingleton(provider => new Inbox<BuilderDbContext, DirectPayoutOrdered>(
            provider.GetRequiredService<UnitOfWorkFactory<BuilderDbContext>>(), nameof(DirectPayoutOrderedConsumer), provider.GetRequiredService<PayoutPlanner>().PlanDirectAsync));
        services.AddSingleton<InclusionFee>();
        services.AddSingleton<TransactionFactory>();
        services.AddSingleton(provider => new Inbox<BuilderDbContext, BuildOutcome>(
            provider.GetRequiredService<UnitOfWorkFactory<BuilderDbContext>>(), nameof(BuildPayoutConsumer), BuildPayoutConsumer.AnnounceAsync));
        services.AddSingleton(deciding);
        services.AddSingleton<DecisionDesk>();
        services.AddSingleton<ChannelDesk>();
        services.AddSingleton<Recovery>();
        services.AddHostedService<AuthorizationKeeper>();
        services.AddHostedService<ChannelPool>();
        services.AddHostedService<LaneDispatcher>();
        services.AddHostedService<LaneKeeper>();
        services.AddHostedService<DeadlinePump>();
        services.AddHostedService<PayoutGauges>();
        services.AddHostedService<AccountBalances>();
        services.AddReconciling(reconciling);
    }

    /// <inheritdoc />
    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RoundResolvedConsumer, ServiceConsumerDefinition<RoundResolvedConsumer, BuilderDbContext>>();
        bus.AddConsumer<DirectPayoutOrderedConsumer, ServiceConsumerDefinition<DirectPayoutOrderedConsumer, BuilderDbContext>>();
        bus.AddConsumer<BuildPayoutConsumer, ServiceConsumerDefinition<BuildPayoutConsumer, BuilderDbContext>>();
        bus.AddSagaStateMachine<PayoutStateMachine, Payout, ServiceSagaDefinition<Payout, BuilderDbContext>>()
            .EntityFrameworkRepository<Payout, BuilderDbContext>();
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        routes.MapPayouts();
        routes.MapDecisions();
        routes.MapChannels();
        routes.MapReconciliation();
        routes.MapDeadLetters<BuilderDbContext>(Name);
    }
}
