using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Payouts.Hosting.Database;

/// <summary>Ready means that the database answers. It is asked past EF Core, whose model takes a second of a start to build.</summary>
internal sealed class DatabaseHealthCheck<TDb>(ConnectionsOf<TDb> connections) : IHealthCheck
    where TDb : ServiceDbContext
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = connections.Create();
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "select 1";
            await command.ExecuteNonQueryAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy(DatabaseFailure.LineOf(failure) ?? $"the database cannot be asked: {failure.Message}");
        }
    }
}
