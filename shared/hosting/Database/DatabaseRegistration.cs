using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.DeadLetters;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Observability;
using Payouts.Hosting.Steps;
using Payouts.Hosting.Web;

namespace Payouts.Hosting.Database;

/// <summary>Gives a service its database, its transactions, its relay and its dead letters.</summary>
public static class DatabaseRegistration
{
    /// <summary>Registers everything that hangs on <typeparamref name="TDb"/>.</summary>
    public static IServiceCollection AddServiceDatabase<TDb>(this IServiceCollection services, DatabaseSettings settings)
        where TDb : ServiceDbContext
    {
        services.TryAddSingleton<IStepPoints, UnwatchedSteps>();
        services.AddSingleton(new DatabaseOf<TDb>(settings));
        services.AddSingleton(_ => new ConnectionsOf<TDb>(settings));
        services.AddPooledDbContextFactory<TDb>((provider, options) =>
        {
            if (provider.GetRequiredService<ConnectionsOf<TDb>>().Postgres is { } source)
                options.UseNpgsql(source, npgsql => npgsql.MaxBatchSize(500));
            else
                options.UseSqlite(settings.ConnectionString);
            options.UseSnakeCaseNamingConvention();
            // Every statement at debug level: the pipeline's own log lines tell the story.
            options.ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandExecuted, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));
        });
        services.AddSingleton<UnitOfWorkFactory<TDb>>();
        services.AddSingleton<DeadLetterFilter<TDb>>();
        services.AddSingleton<ServiceEndpoint<TDb>>();
        services.AddSingleton<DeadLetterDesk<TDb>>();
        services.AddSingleton<IStartCheck, MigrationCheck<TDb>>();
        services.AddHostedService<OutboxRelay<TDb>>();
        services.AddHostedService<InboxCleaner<TDb>>();
        // A series that begins at 1 has not risen: the first letter would alert nobody.
        HostingMetrics.DeadLetters.WithLabels(settings.Schema);
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck<TDb>>($"database-{settings.Schema}", tags: ["ready"]);
        return services;
    }
}
