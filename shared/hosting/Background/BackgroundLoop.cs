using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Payouts.Hosting.Background;

/// <summary>
/// Work that a service does over and over beside its messages. A step that fails is told and tried again after a pause: nothing ends the
/// loop but the service's stop, least of all a timeout that looks like one.
/// </summary>
/// <param name="work">What the steps do, as the log says it: "sending transactions".</param>
public abstract partial class BackgroundLoop(string work, TimeProvider time, ILogger logger) : BackgroundService
{
    private StartTurns? _turns;

    /// <summary>The clock of the pauses.</summary>
    protected TimeProvider Time => time;

    /// <summary>Between two steps when there is nothing more to do, and after a step that failed.</summary>
    protected abstract TimeSpan Pause { get; }

    /// <summary>True when the first step may wait for what the service hears right after its start.</summary>
    protected virtual bool PausesFirst => false;

    /// <summary>
    /// How long a step that has begun may go on after the service was told to stop: what it claimed, no other replica takes up before the claim runs out. All loops stop
    /// at once, well within the 45 s that a container has.
    /// </summary>
    protected virtual TimeSpan FinishesWithin => TimeSpan.FromSeconds(10);

    /// <summary>One step.</summary>
    /// <returns>True when there is more to do at once.</returns>
    protected abstract Task<bool> StepAsync(CancellationToken cancellationToken);

    /// <summary>One step by itself, for whoever drives the loop instead of its clock.</summary>
    /// <returns>True when there is more to do at once.</returns>
    public Task<bool> StepOnceAsync(CancellationToken cancellationToken) => StepAsync(cancellationToken);

    /// <summary>Waits for more to do; a loop that can be woken waits for its signal.</summary>
    protected virtual Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, time, cancellationToken);

    /// <summary>Has the first step wait for its turn; a loop that nobody gives turns begins at once.</summary>
    public void WaitFor(StartTurns turns) => _turns = turns;

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var abandoned = new CancellationTokenSource();
        await using var stopping = stoppingToken.Register(() => abandoned.CancelAfter(FinishesWithin));
        if (PausesFirst)
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                bool more;
                using (await TurnAsync(stoppingToken))
                    more = await StepAsync(abandoned.Token);
                if (!more)
                    await WaitAsync(Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                StepFailed(logger, work, failure.Message);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Null from the second step on.</summary>
    private Task<IDisposable?> TurnAsync(CancellationToken stoppingToken) => Interlocked.Exchange(ref _turns, null)?.TakeAsync(stoppingToken) ?? Task.FromResult<IDisposable?>(null);

    [LoggerMessage(LogLevel.Warning, "{work} failed and will be tried again: {reason}")]
    private static partial void StepFailed(ILogger logger, string work, string reason);
}
