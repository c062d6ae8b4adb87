using Microsoft.Extensions.Logging;
using Payouts.Hosting.Background;
using Payouts.Hosting.Database;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Retention;

/// <summary>How long history is kept.</summary>
/// <param name="Kept">PAYOUTS_RETENTION_DAYS.</param>
public sealed record RetentionOptions(TimeSpan Kept)
{
    /// <summary>Days without the setting: a year and a month.</summary>
    public const int DaysDefault = 400;

    /// <summary>Far above everything that may still come: the inbox and the RPC remember 7 days, an envelope and a proposal live 7 at most.</summary>
    public const int DaysMin = 30;

    /// <summary>A hundred years.</summary>
    public const int DaysMax = 36_500;
}

/// <summary>
/// Forgets history that is older than the retention, a bounded number of rows in each transaction, so that a service that runs for years has
/// tables that stop growing. What forbids to pay twice is in no rule: payouts and rounds keep their rows for ever.
/// </summary>
public sealed partial class RetentionLoop<TDb>(
    UnitOfWorkFactory<TDb> units, IEnumerable<RetentionRule<TDb>> rules, RetentionOptions options, TimeProvider time, ILogger<RetentionLoop<TDb>> logger)
    : BackgroundLoop("forgetting old history", time, logger)
    where TDb : ServiceDbContext
{
    /// <summary>Rows in one transaction.</summary>
    public const int RowsMax = 2_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private readonly RetentionRule<TDb>[] _rules = [.. rules];

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    protected override Task<bool> StepAsync(CancellationToken cancellationToken) => ForgetAsync(cancellationToken);

    /// <summary>One transaction for each rule; true when there is more.</summary>
    public async Task<bool> ForgetAsync(CancellationToken cancellationToken)
    {
        var more = false;
        foreach (var rule in _rules)
        {
            var gone = await units.RunAsync(unit => unit.Dialect.ForgetAsync(unit.Transaction, rule.Statement, unit.Now - options.Kept, RowsMax, cancellationToken), cancellationToken);
            more |= gone == RowsMax;
            if (gone > 0)
                Forgotten(logger, rule.Table, gone);
        }

        return more;
    }

    [LoggerMessage(LogLevel.Information, "{table}: {rows} rows are older than the retention and gone")]
    private static partial void Forgotten(ILogger logger, string table, int rows);
}
