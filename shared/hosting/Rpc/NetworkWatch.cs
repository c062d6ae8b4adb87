using Microsoft.Extensions.Logging;
using Payouts.Hosting.Background;

namespace Payouts.Hosting.Rpc;

/// <summary>
/// Asks for the network's time although nobody needs it: with nothing to pay nobody else asks, and an RPC that hangs behind would not show before
/// it matters.
/// </summary>
internal sealed class NetworkWatch(LedgerClock clock, TimeProvider time, ILogger<NetworkWatch> logger)
    : MeasuringLoop("asking the network for its time", time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override TimeSpan Pause => Interval;

    /// <inheritdoc />
    protected override async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await clock.NowAsync(cancellationToken);
    }
}
