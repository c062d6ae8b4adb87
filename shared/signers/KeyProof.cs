using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Background;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;

namespace Payouts.Signers;

/// <summary>
/// Reads the provider's public key before the start, and again until the provider answers. Another account's key stops the program; a provider
/// that does not answer leaves it running, not ready and without signing.
/// </summary>
internal sealed class KeyProof(string setting, GuardedKey key, LateProblem late, TimeProvider time, ILogger<KeyProof> logger)
    : BackgroundLoop("reading the public key", time, logger), IStartCheck
{
    private int _failures;

    protected override TimeSpan Pause => key.Limits.PauseAfter(_failures);

    /// <inheritdoc />
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (await key.ProveAsync(cancellationToken) is KeyState.Foreign foreign)
            throw new SettingsException([Problem(foreign)]);
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        switch (await key.ProveAsync(cancellationToken))
        {
            case KeyState.Proven:
                _failures = 0;
                logger.KeyProven(key.Provider, key.Expected.ToString());
                break;
            case KeyState.Foreign foreign:
                late.Stop(Problem(foreign));
                break;
            case var unknown:
                _failures++;
                logger.KeyUnknown(key.Provider, unknown.ToString()!);
                break;
        }

        return false;
    }

    // Proven or foreign: nothing will change that.
    protected override Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        Task.Delay(key.State is KeyState.Unknown ? pause : Timeout.InfiniteTimeSpan, Time, cancellationToken);

    private string Problem(KeyState.Foreign foreign) =>
        $"{setting} is {key.Expected}, but the key of {key.Provider} is {foreign.Found}'s; they must be the same account";
}

/// <summary>Ready means that the provider's key is proven. A signature that does not come later is told, but takes no readiness away: the next may.</summary>
internal sealed class KeyHealthCheck(GuardedKey key) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) => Task.FromResult(key switch
    {
        { State: not KeyState.Proven } => HealthCheckResult.Unhealthy($"{key.Provider}: nothing is signed: {key.State}"),
        { LastFailure: { } failure } => HealthCheckResult.Degraded($"{key.Provider}: the last signature did not come: {failure.Message}"),
        _ => HealthCheckResult.Healthy(),
    });
}
