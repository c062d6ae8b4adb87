using Payouts.Stellar;
using Payouts.Stellar.Rpc;

namespace Payouts.Builder.Building;

/// <summary>What to bid for a place in a ledger: what most Soroban transactions paid lately, asked at most every few seconds.</summary>
public sealed class InclusionFee(ISorobanRpcClient rpc, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _asking = new(1, 1);
    private (uint Fee, long AskedAt)? _known;

    /// <summary>The bid in stroops, never below the network's minimum.</summary>
    /// <exception cref="SorobanRpcException">No endpoint answered.</exception>
    public async Task<uint> NowAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } fresh)
            return fresh;
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } meanwhile)
                return meanwhile;
            var stats = await rpc.GetFeeStatsAsync(cancellationToken);
            var fee = (uint)Math.Clamp(stats.SorobanInclusionFee.P90, TransactionBuilder.InclusionFeeMin, uint.MaxValue);
            _known = (fee, time.GetTimestamp());
            return fee;
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _asking.Dispose();

    private uint? Fresh() => _known is { } known && time.GetElapsedTime(known.AskedAt) < FreshFor ? known.Fee : null;
}
