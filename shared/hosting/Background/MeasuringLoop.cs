using Microsoft.Extensions.Logging;

namespace Payouts.Hosting.Background;

/// <summary>
/// A loop that reads something for the dashboards and changes nothing: no payout waits for it. Whoever drives the loops for what they do, as a
/// simulation does, leaves it out.
/// </summary>
/// <param name="work">What the steps do, as the log says it: "reading balances".</param>
public abstract class MeasuringLoop(string work, TimeProvider time, ILogger logger) : BackgroundLoop(work, time, logger)
{
    /// <summary>Measures once.</summary>
    protected abstract Task MeasureAsync(CancellationToken cancellationToken);

    /// <inheritdoc />
    protected sealed override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        await MeasureAsync(cancellationToken);
        return false;
    }
}
