using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Payouts.Hosting.Database;

/// <summary>Ready means that the database answers.</summary>
internal sealed class DatabaseHealthCheck<TDb>(IDbContextFactory<TDb> contexts) : IHealthCheck
    where TDb : ServiceDbContext
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            await db.Database.ExecuteSqlRawAsync("select 1", cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"the database does not answer: {failure.Message}");
        }
    }
}
