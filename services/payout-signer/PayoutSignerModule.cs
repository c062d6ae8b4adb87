using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Retention;
using Payouts.Hosting.Web;
using Payouts.Signer.Answers;
using Payouts.Signer.Configuration;
using Payouts.Signer.Consumers;
using Payouts.Signer.Http;
using Payouts.Signer.Intent;
using Payouts.Signer.Orders;
using Payouts.Signer.Policies;
using Payouts.Signer.Requests;
using Payouts.Signers;

namespace Payouts.Signer;

/// <summary>payout-signer: nothing is signed that was not checked here against the signer's own copy of the order.</summary>
public sealed class PayoutSignerModule : IServiceModule
{
    // A round carries up to 10,000 orders.
    private const int RoundsPerTransactionMax = 10;

    /// <inheritdoc />
    public string Name => "payout-signer";

    /// <inheritdoc />
    public string Schema => "payout_signer";

    /// <inheritdoc />
    public void AddServices(IServiceCollection services, Settings settings)
    {
        var (policy, keys, provider) = SignerSettings.Read(settings);
        var signing = settings.Optional(SettingNames.SigningPolicy) is null ? null : settings.Parsed(SettingNames.SigningPolicy, SigningPolicyFile.Parse, "a signing policy");
        var direct = settings.Flag(SettingNames.DirectPayouts, false);
        var database = settings.Parsed(SettingNames.DatabaseUrl, url => DatabaseSettings.Parse(url, Schema), "where the service keeps its state");
        // A wrong setting stops the start right after this: nothing below is then used.
        if (database is null)
            return;
        services.AddServiceDatabase<SignerDbContext>(database);
        services.AddRetention(settings, SignerRetention.Rules);
        services.TryAddSingleton(new SignerOptions());
        services.AddSingleton(policy);
        services.AddSingleton(_ => keys);
        services.AddSingleton<IntentCheck>();
        services.AddSingleton<OrderMatch>();
        services.AddSingleton<AnswerCheck>();
        services.AddSingleton<EnvelopeSeal>();
        services.AddSingleton(new SigningPolicyChoice(signing) { DirectPayouts = direct });
        services.AddSingleton<PolicyDesk>();
        services.AddSingleton<PolicyPeople>();
        services.AddSingleton<HotSigner>();
        services.AddSingleton<SlotBurner>();
        services.AddSingleton<BurnDesk>();
        services.AddSingleton<FeeBumper>();
        services.AddSingleton<BumpDesk>();
        services.AddSingleton(new WaitingRequests(areOurs: provider is not null));
        services.AddSingleton<SignRequestBook>();
        services.AddSingleton<SignIntake>();
        services.AddSingleton<OrderBook>();
        services.AddSingleton<AnswerDesk>();
        services.AddSingleton(root => new Inbox<SignerDbContext, CheckedRequest>(
            root.GetRequiredService<UnitOfWorkFactory<SignerDbContext>>(), "sign-payout", root.GetRequiredService<SignRequestBook>().TakeAsync));
        services.AddSingleton(root => new Inbox<SignerDbContext, BurnSlot>(
            root.GetRequiredService<UnitOfWorkFactory<SignerDbContext>>(), "burn-slot", root.GetRequiredService<BurnDesk>().TakeAsync));
        services.AddSingleton(root => new Inbox<SignerDbContext, BumpFee>(
            root.GetRequiredService<UnitOfWorkFactory<SignerDbContext>>(), "bump-fee", root.GetRequiredService<BumpDesk>().TakeAsync));
        services.AddSingleton(root => new Inbox<SignerDbContext, IReadOnlyList<Order>>(
            root.GetRequiredService<UnitOfWorkFactory<SignerDbContext>>(), "round-resolved", root.GetRequiredService<OrderBook>().KeepAsync, RoundsPerTransactionMax));
        services.AddHostedService<RequestSweep>();
        services.AddHostedService<HotKeyNotice>();
        SignerMetrics.BeginAtZero();
        if (provider is null)
            return;
        services.AddSigningKey(provider, policy.PayoutSource);
        services.AddHostedService<KeySigner>();
    }

    /// <inheritdoc />
    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RoundResolvedConsumer, ServiceConsumerDefinition<RoundResolvedConsumer, SignerDbContext>>();
        bus.AddConsumer<DirectPayoutOrderedConsumer, ServiceConsumerDefinition<DirectPayoutOrderedConsumer, SignerDbContext>>();
        bus.AddConsumer<SignPayoutConsumer, ServiceConsumerDefinition<SignPayoutConsumer, SignerDbContext>>();
        bus.AddConsumer<AuthorizePayoutConsumer, ServiceConsumerDefinition<AuthorizePayoutConsumer, SignerDbContext>>();
        bus.AddConsumer<BurnSlotConsumer, ServiceConsumerDefinition<BurnSlotConsumer, SignerDbContext>>();
        bus.AddConsumer<BumpFeeConsumer, ServiceConsumerDefinition<BumpFeeConsumer, SignerDbContext>>();
        bus.AddConsumer<SigningCompletedConsumer, ServiceConsumerDefinition<SigningCompletedConsumer, SignerDbContext>>();
        bus.AddConsumer<SigningRejectedConsumer, ServiceConsumerDefinition<SigningRejectedConsumer, SignerDbContext>>();
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder routes)
    {
        routes.MapSignRequests();
        routes.MapPolicy();
        routes.MapDeadLetters<SignerDbContext>(Name);
    }
}

/// <summary>Says at every start that the payout key is in this process.</summary>
internal sealed class HotKeyNotice(SigningKeys keys, ILogger<HotKeyNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (keys.PayoutKey is { } key)
            logger.HotKeyMode(key.AccountId.ToString());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
