using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Database;

namespace Payouts.Hosting.Messaging;

/// <summary>
/// Forgets inbox rows that are older than any redelivery can be, so that the table stays bounded. Payouts themselves are protected
/// by their own state, not by the inbox alone.
/// </summary>
public sealed partial class InboxCleaner<TDb>(UnitOfWorkFactory<TDb> units, TimeProvider time, ILogger<InboxCleaner<TDb>> logger) : BackgroundService
    where TDb : ServiceDbContext
{
    private const int RowsPerPass = 5_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                while (await units.RunAsync(unit => unit.Dialect.ForgetInboxAsync(unit.Transaction, unit.Now - Kept, RowsPerPass, stoppingToken), stoppingToken) == RowsPerPass)
                    await Task.Yield();
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                CleaningFailed(logger, failure.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "old inbox rows could not be removed now: {reason}")]
    private static partial void CleaningFailed(ILogger logger, string reason);
}
