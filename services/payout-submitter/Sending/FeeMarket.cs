using Payouts.Stellar.Rpc;

namespace Payouts.Submitter.Sending;

/// <summary>Inclusion fees for each operation that were paid lately, in stroops; zeros: the network cannot be asked.</summary>
/// <param name="Median">Who bids less bids less than most.</param>
/// <param name="High">
/// What nearly everybody's bid would beat: the 99th percentile, for a surge is short and the figures cover fifty ledgers; what is charged
/// is less than what is bid.
/// </param>
public sealed record FeePrices(long Median, long High);

/// <summary>What a place in a ledger costs, asked at most every few seconds, and only when something is refused or late.</summary>
public sealed class FeeMarket(ISorobanRpcClient rpc, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _asking = new(1, 1);
    private (FeePrices Prices, long AskedAt)? _known;

    /// <summary>The prices of now.</summary>
    public async Task<FeePrices> PricesAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } fresh)
            return fresh;
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } meanwhile)
                return meanwhile;
            var stats = (await rpc.GetFeeStatsAsync(cancellationToken)).SorobanInclusionFee;
            var prices = new FeePrices(stats.P50, stats.P99);
            _known = (prices, time.GetTimestamp());
            return prices;
        }
        catch (SorobanRpcException)
        {
            // Not known is an answer here: the bid then steps up by itself.
            return new FeePrices(0, 0);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _asking.Dispose();

    private FeePrices? Fresh() => _known is { } known && time.GetElapsedTime(known.AskedAt) < FreshFor ? known.Prices : null;
}
