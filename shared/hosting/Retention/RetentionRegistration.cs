using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Database;

namespace Payouts.Hosting.Retention;

/// <summary>Gives a service's history an end.</summary>
public static class RetentionRegistration
{
    /// <summary>Registers the loop with the service's rules, and with that of the dead letters that were replayed.</summary>
    public static IServiceCollection AddRetention<TDb>(this IServiceCollection services, Settings settings, params IReadOnlyList<RetentionRule<TDb>> rules)
        where TDb : ServiceDbContext
    {
        var days = settings.Number(SettingNames.RetentionDays, RetentionOptions.DaysDefault, RetentionOptions.DaysMin, RetentionOptions.DaysMax);
        services.TryAddSingleton(new RetentionOptions(TimeSpan.FromDays(days)));
        foreach (var rule in rules.Prepend(Replayed<TDb>()))
            services.AddSingleton(rule);
        services.AddHostedService<RetentionLoop<TDb>>();
        return services;
    }

    /// <summary>One that was not replayed waits for a human, however long.</summary>
    private static RetentionRule<TDb> Replayed<TDb>()
        where TDb : ServiceDbContext => new("dead_letters", "id", "dead_letters.replayed_at < $1");
}
