using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Payouts.Contracts;
using Payouts.Hosting.Access;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Retention;
using Payouts.Hosting.Web;
using Payouts.Rounds.Announcing;
using Payouts.Rounds.Cancelling;
using Payouts.Rounds.Consumers;
using Payouts.Rounds.Direct;
using Payouts.Rounds.Doors;
using Payouts.Rounds.Intake;
using Payouts.Rounds.Settlement;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Treasury;
using Payouts.Rounds.Verifying;
using Payouts.Rounds.Web;
using Payouts.Rounds.Webhooks;

namespace Payouts.Rounds;

/// <summary>
/// The rounds service: takes the events of the game in any order, decides who is owed what, and says when all of it is paid.
/// </summary>
public sealed class RoundsModule : IServiceModule
{
    /// <inheritdoc />
    public string Name => "rounds";

    /// <inheritdoc />
    public string Schema => "rounds";

    /// <inheritdoc />
    public void AddServices(IServiceCollection services, Settings settings)
    {
        var database = settings.Parsed(SettingNames.DatabaseUrl, url => DatabaseSettings.Parse(url, Schema), "the database's address");
        var direct = settings.Flag(SettingNames.DirectPayouts, false);
        if (database is null)
            return;
        services.AddServiceDatabase<RoundsDbContext>(database);
        services.AddRetention(settings, RoundsRetention.Rules);
        services.TryAddSingleton(new RoundsOptions());
        services.AddSingleton(RoundsSql.For(database.Provider));
        // Null when the setting is wrong: then nothing starts.
        services.AddSingleton<ITreasury>(settings.Parsed(SettingNames.RoundsTreasuryLimits, TreasuryLimits.Parse, TreasuryLimits.Shape, fallback: "") ?? TreasuryLimits.None);
        services.AddSingleton<RoundCancellation>();
        services.AddSingleton<RoundCheckpoints>();
        services.AddHostedService(provider => provider.GetRequiredService<RoundCheckpoints>());
        services.AddSingleton<RoundVerifier>();
        services.AddSingleton<Announcer>();
        services.AddSingleton<RefusedLetters>();
        services.AddSingleton<GameEventHandler>();
        services.AddSingleton<GameEventIntake>();
        services.AddSingleton<KeyedRequests>();
        services.AddSingleton<RoundDoor>();
        services.AddSingleton<DrawPreview>();
        services.AddSingleton<ParkedEventSweeper>();
        services.AddHostedService(provider => provider.GetRequiredService<ParkedEventSweeper>());
        services.AddSingleton<PayoutEnds>();
        services.AddSingleton(provider => new Inbox<RoundsDbContext, PayoutSettled>(
            provider.GetRequiredService<UnitOfWorkFactory<RoundsDbContext>>(), nameof(PayoutSettled), provider.GetRequiredService<PayoutEnds>().HandleAsync)
        { Accepted = provider.GetRequiredService<WebhookWriter>().Heard });
        services.AddSingleton(new DirectSwitch(direct));
        RoundsMetrics.BeginAtZero();
        services.AddSingleton<DirectDesk>();
        services.AddSingleton<DirectIntake>();
        services.AddSingleton<DirectEnds>();
        services.AddSingleton(provider => new Inbox<RoundsDbContext, DirectEnd>(
            provider.GetRequiredService<UnitOfWorkFactory<RoundsDbContext>>(), "direct-payout-settled", provider.GetRequiredService<DirectEnds>().HandleAsync)
        { Accepted = (unit, id, end) => provider.GetRequiredService<WebhookWriter>().Heard(unit, id, end.Settled) });
        services.AddWebhooks(settings);
    }

    /// <inheritdoc />
    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<GameRoundOpenedConsumer, ServiceConsumerDefinition<GameRoundOpenedConsumer, RoundsDbContext>>();
        bus.AddConsumer<GameRoundEnteredConsumer, ServiceConsumerDefinition<GameRoundEnteredConsumer, RoundsDbContext>>();
        bus.AddConsumer<GameRoundClosedConsumer, ServiceConsumerDefinition<GameRoundClosedConsumer, RoundsDbContext>>();
        bus.AddConsumer<GameRoundDrawnConsumer, ServiceConsumerDefinition<GameRoundDrawnConsumer, RoundsDbContext>>();
        bus.AddConsumer<DirectPayoutRequestedConsumer, ServiceConsumerDefinition<DirectPayoutRequestedConsumer, RoundsDbContext>>();
        bus.AddConsumer<PayoutSettledConsumer, ServiceConsumerDefinition<PayoutSettledConsumer, RoundsDbContext>>();
        bus.AddConsumer<PayoutOnHoldConsumer, ServiceConsumerDefinition<PayoutOnHoldConsumer, RoundsDbContext>>();
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        routes.MapDeadLetters<RoundsDbContext>("rounds", AccessRole.Game);
        routes.MapRounds();
        routes.MapRoundDoors();
        routes.MapAudit();
        routes.MapDirectPayouts();
        routes.MapWebhooks();
    }
}
