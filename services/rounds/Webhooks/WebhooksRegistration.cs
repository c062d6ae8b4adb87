using Microsoft.Extensions.DependencyInjection.Extensions;
using Payouts.Contracts;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Storage;

namespace Payouts.Rounds.Webhooks;

/// <summary>Lets rounds tell games over HTTP what they could hear on the broker. See docs/adr/0032.</summary>
internal static class WebhooksRegistration
{
    /// <summary>Registers the room; nothing is written or sent without ROUNDS_WEBHOOKS_FILE.</summary>
    public static void AddWebhooks(this IServiceCollection services, Settings settings)
    {
        var path = WebhookEndpoints.PathOf(settings);
        var parse = WebhookEndpoints.ParserFor(settings);
        services.TryAddSingleton(new WebhookOptions());
        WebhookMetrics.BeginAtZero();
        services.AddSingleton<WebhookSignal>();
        services.AddSingleton(provider =>
        {
            var file = path is null ? null : new WatchedFile<IReadOnlyList<WebhookEndpoint>>(
                $"{SettingNames.RoundsWebhooks}_FILE", [path], parse, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<WebhookEndpoints>>());
            // Once it was read, no later trouble with it can fail the transaction of a round.
            _ = file?.Current;
            return new WebhookEndpoints(file);
        });
        services.AddSingleton<WebhookWriter>();
        services.AddSingleton<IPublishedListener<RoundsDbContext>>(provider => provider.GetRequiredService<WebhookWriter>());
        services.AddSingleton<WebhookReplays>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<WebhookPump>();
        // The game hears it from payout-builder over the broker; without one it hears it from us. The inbox row is all that is kept of it here.
        services.AddSingleton(provider => new Inbox<RoundsDbContext, PayoutOnHold>(
            provider.GetRequiredService<UnitOfWorkFactory<RoundsDbContext>>(), nameof(PayoutOnHold), (_, _, _) => Task.CompletedTask)
        { Accepted = provider.GetRequiredService<WebhookWriter>().Heard });
        if (path is not null)
            services.AddHostedService(provider => provider.GetRequiredService<WebhookPump>());
    }
}
