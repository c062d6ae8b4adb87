using Payouts.Hosting.Observability;
using Payouts.Stellar.Rpc;
using Prometheus;

namespace Payouts.Hosting.Rpc;

/// <summary>The newest ledger known, and how fast ledgers close.</summary>
/// <param name="Ledger">Its sequence number.</param>
/// <param name="ClosedAt">Its close time: the only clock that decides about validity.</param>
/// <param name="MeanClose">Mean time between ledgers.</param>
/// <param name="IsTold">False: no RPC of that age tells a close time, and <paramref name="ClosedAt"/> is this host's clock. It proves nothing.</param>
public sealed record LedgerTime(uint Ledger, DateTimeOffset ClosedAt, TimeSpan MeanClose, bool IsTold = true);

/// <summary>
/// Asks the network for its time at most once a second, however many ask. Validity is counted from ledger close times: this host's
/// own clock decides nothing.
/// </summary>
public sealed class LedgerClock(ISorobanRpcClient rpc, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AssumedClose = TimeSpan.FromSeconds(5);

    private static readonly Gauge LatestLedger = Metrics.CreateGauge(
        "soroban_rpc_latest_ledger", "The newest ledger that the RPC knows.", HostingMetrics.OnlyWhenKnown);

    private static readonly Gauge LatestClose = Metrics.CreateGauge(
        "soroban_rpc_latest_ledger_close_timestamp_seconds", "Close time of the newest ledger that the RPC knows.", HostingMetrics.OnlyWhenKnown);
    private readonly SemaphoreSlim _asking = new(1, 1);
    private LedgerTime? _known;
    private long _askedAt;

    /// <summary>The newest ledger; at most a second old.</summary>
    /// <exception cref="SorobanRpcException">No endpoint answered.</exception>
    public async Task<LedgerTime> NowAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } fresh)
            return fresh;
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } meanwhile)
                return meanwhile;
            var health = await rpc.GetHealthAsync(cancellationToken);
            var (ledger, told) = (health.LatestLedger, health.LatestLedgerCloseTime);
            if (told is null)
            {
                // Number and time of one ledger: a snapshot of an earlier one would not be from after that time.
                var latest = await rpc.GetLatestLedgerAsync(cancellationToken);
                (ledger, told) = (latest.Sequence, latest.CloseTime);
            }

            var closedAt = told ?? time.GetUtcNow();
            var ledgers = ledger - health.OldestLedger;
            var mean = health.OldestLedgerCloseTime is { } oldest && ledgers > 0 ? (closedAt - oldest) / ledgers : AssumedClose;
            // An RPC that tells no close time is as late as the last ledger that was new.
            if (told is not null || _known?.Ledger != ledger)
                LatestClose.Set(closedAt.ToUnixTimeMilliseconds() / 1000d);
            _known = new LedgerTime(ledger, closedAt, mean > TimeSpan.Zero ? mean : AssumedClose, told is not null);
            _askedAt = time.GetTimestamp();
            LatestLedger.Set(_known.Ledger);
            return _known;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _asking.Dispose();

    private LedgerTime? Fresh() => _known is { } known && time.GetElapsedTime(_askedAt) < FreshFor ? known : null;
}
