using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Background;
using Payouts.Hosting.Database;

namespace Payouts.Hosting.Messaging;

/// <summary>
/// Forgets inbox rows that are older than any redelivery can be, so that the table stays bounded. Payouts themselves are protected
/// by their own state, not by the inbox alone.
/// </summary>
public sealed class InboxCleaner<TDb>(UnitOfWorkFactory<TDb> units, TimeProvider time, ILogger<InboxCleaner<TDb>> logger)
    : BackgroundLoop("removing old inbox rows", time, logger)
    where TDb : ServiceDbContext
{
    private const int RowsPerPass = 5_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    protected override async Task<bool> StepAsync(CancellationToken cancellationToken) =>
        await units.RunAsync(async unit =>
        {
            var forgotten = await unit.Dialect.ForgetInboxAsync(unit.Transaction, unit.Now - Kept, RowsPerPass, cancellationToken);
            if (forgotten > 0)
                unit.Changed();
            return forgotten;
        }, cancellationToken) == RowsPerPass;
}
