using MassTransit;
using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Retention;
using Payouts.Hosting.Rpc;
using Payouts.Hosting.Web;
using Payouts.Submitter.Confirming;
using Payouts.Submitter.Http;
using Payouts.Submitter.Sending;
using Payouts.Submitter.Verifying;

namespace Payouts.Submitter;

/// <summary>payout-submitter: brings signed envelopes to the ledger and finds out what became of each.</summary>
public sealed class PayoutSubmitterModule : IServiceModule
{
    /// <inheritdoc />
    public string Name => "payout-submitter";

    /// <inheritdoc />
    public string Schema => "payout_submitter";

    /// <inheritdoc />
    public void AddServices(IServiceCollection services, Settings settings)
    {
        var options = SubmitterOptions.Read(settings);
        var database = settings.Parsed(SettingNames.DatabaseUrl, url => DatabaseSettings.Parse(url, Schema), "a database");
        services.AddSorobanRpc(settings);
        if (database is null)
            return;
        services.AddSingleton(options);
        services.AddServiceDatabase<SubmitterDbContext>(database);
        services.AddRetention(settings, SubmitterRetention.Rules);
        services.AddSingleton<SubmissionSignal>();
        services.AddSingleton<SubmissionIntake>();
        services.AddSingleton<Outcomes>();
        services.AddSingleton(provider => new Inbox<SubmitterDbContext, SubmitPayout>(
            provider.GetRequiredService<UnitOfWorkFactory<SubmitterDbContext>>(), nameof(SubmitPayoutConsumer), provider.GetRequiredService<SubmissionIntake>().StoreAsync));
        services.AddSingleton(provider => new Inbox<SubmitterDbContext, SubmitBurn>(
            provider.GetRequiredService<UnitOfWorkFactory<SubmitterDbContext>>(), nameof(SubmitBurnConsumer), provider.GetRequiredService<SubmissionIntake>().StoreBurnsAsync));
        services.AddSingleton(provider => new Inbox<SubmitterDbContext, WatchSlot>(
            provider.GetRequiredService<UnitOfWorkFactory<SubmitterDbContext>>(), nameof(WatchSlotConsumer), SlotWatches.TakeAsync));
        services.AddSingleton<Escalation>();
        services.AddSingleton<FeeMarket>();
        services.AddSingleton<FeeBumpIntake>();
        services.AddSingleton(provider => new Inbox<SubmitterDbContext, FeeBumped>(
            provider.GetRequiredService<UnitOfWorkFactory<SubmitterDbContext>>(), nameof(FeeBumpedConsumer), provider.GetRequiredService<FeeBumpIntake>().StoreAsync));
        services.AddSingleton<PaymentSearch>();
        services.AddSingleton(provider => new Inbox<SubmitterDbContext, PayoutVerified>(
            provider.GetRequiredService<UnitOfWorkFactory<SubmitterDbContext>>(), nameof(VerifyPayoutConsumer), VerifyPayoutConsumer.AnnounceAsync));
        services.AddHostedService<SubmissionPump>();
        services.AddHostedService<LedgerFollower>();
        services.AddHostedService<OutcomeChecker>();
        services.AddHostedService<PendingGauge>();
        services.AddHostedService<FeeAccountBalance>();
        SubmitterMetrics.BeginAtZero();
    }

    /// <inheritdoc />
    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<SubmitPayoutConsumer, ServiceConsumerDefinition<SubmitPayoutConsumer, SubmitterDbContext>>();
        bus.AddConsumer<FeeBumpedConsumer, ServiceConsumerDefinition<FeeBumpedConsumer, SubmitterDbContext>>();
        bus.AddConsumer<VerifyPayoutConsumer, ServiceConsumerDefinition<VerifyPayoutConsumer, SubmitterDbContext>>();
        bus.AddConsumer<SubmitBurnConsumer, ServiceConsumerDefinition<SubmitBurnConsumer, SubmitterDbContext>>();
        bus.AddConsumer<WatchSlotConsumer, ServiceConsumerDefinition<WatchSlotConsumer, SubmitterDbContext>>();
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        routes.MapSubmissions();
        routes.MapDeadLetters<SubmitterDbContext>(Name);
    }
}
