using Microsoft.Extensions.Logging;
using Payouts.Stellar;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Payouts.Signers;

/// <summary>
/// Stands before every provider: nothing is signed until its public key was read and is the payout source account's, each try has a time
/// limit, only what may pass is tried again, and no signature leaves that does not verify here as strictly as on the ledger.
/// </summary>
public sealed class GuardedKey : ISigningKey
{
    private readonly ISigningKey _key;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _places;
    private readonly ResiliencePipeline _once;
    private readonly ResiliencePipeline _tries;
    private volatile KeyState _state = new KeyState.Unknown("the public key was not asked for yet");
    private volatile SigningFailedException? _lastFailure;

    /// <summary>Guards <paramref name="key"/>; owns it.</summary>
    /// <param name="key">The adapter.</param>
    /// <param name="provider">Its name in settings, logs and metrics.</param>
    /// <param name="expected">The payout source account: whose signatures are wanted.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="time">The clock of time limits and pauses.</param>
    /// <param name="logger">Where retries are told.</param>
    public GuardedKey(ISigningKey key, string provider, AccountId expected, SigningLimits limits, TimeProvider time, ILogger<GuardedKey> logger)
    {
        (_key, Provider, Expected, Limits, _time, _logger) = (key, provider, expected, limits, time, logger);
        _places = new SemaphoreSlim(limits.ConcurrencyMax, limits.ConcurrencyMax);
        _once = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(limits.TryTimeout).Build();
        _tries = limits.TriesMax <= 1 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = limits.TriesMax - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = limits.RetryDelay,
                ShouldHandle = new PredicateBuilder().Handle<SigningFailedException>(failure => failure.IsTransient),
                OnRetry = retry =>
                {
                    _logger.TriedAgain(provider, retry.AttemptNumber + 1, retry.Outcome.Exception?.Message);
                    return ValueTask.CompletedTask;
                },
            }).Build();
        KeyMetrics.Ready.WithLabels(provider).Set(0);
        KeyMetrics.BeginAtZero(provider);
    }

    /// <summary>The provider's name.</summary>
    public string Provider { get; }

    /// <summary>Whose signatures are wanted.</summary>
    public AccountId Expected { get; }

    /// <summary>The bounds.</summary>
    public SigningLimits Limits { get; }

    /// <summary>What is known of the provider's public key.</summary>
    public KeyState State => _state;

    /// <summary>Why the last signature did not come; null: it came, or none was asked for.</summary>
    public SigningFailedException? LastFailure => _lastFailure;

    /// <summary>Reads the public key once and holds it against the expected account. Proven stays proven: every signature is verified with it.</summary>
    public async Task<KeyState> ProveAsync(CancellationToken cancellationToken)
    {
        if (_state is KeyState.Proven or KeyState.Foreign)
            return _state;
        try
        {
            var found = await OnceAsync(_key.ReadPublicKeyAsync, cancellationToken);
            _state = found == Expected ? new KeyState.Proven() : new KeyState.Foreign(found);
            KeyMetrics.Ready.WithLabels(Provider).Set(found == Expected ? 1 : 0);
        }
        catch (SigningFailedException failure)
        {
            _state = new KeyState.Unknown(failure.Message);
        }

        return _state;
    }

    /// <inheritdoc />
    public async Task<AccountId> ReadPublicKeyAsync(CancellationToken cancellationToken) =>
        await ProveAsync(cancellationToken) is KeyState.Proven ? Expected : throw NotProven();

    /// <summary>64 bytes that verify with <see cref="Expected"/> over the hash.</summary>
    /// <exception cref="SigningFailedException">None came, after as many tries as the limits allow.</exception>
    public async Task<byte[]> SignAsync(TransactionHash hash, CancellationToken cancellationToken)
    {
        if (_state is not KeyState.Proven)
            throw NotProven();
        await _places.WaitAsync(cancellationToken);
        try
        {
            var signature = await _tries.ExecuteAsync(async token => await TryAsync(hash, token), cancellationToken);
            _lastFailure = null;
            return signature;
        }
        catch (SigningFailedException failure)
        {
            _lastFailure = failure;
            throw;
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _key.DisposeAsync();
        _places.Dispose();
    }

    private async Task<byte[]> TryAsync(TransactionHash hash, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        try
        {
            var signature = await OnceAsync(token => _key.SignAsync(hash, token), cancellationToken);
            if (signature.Length != Ed25519Verifier.SignatureLength)
                throw new SigningFailedException(SigningProblem.LengthWrong, $"the answer has {signature.Length} bytes, a signature has {Ed25519Verifier.SignatureLength}");
            if (!Ed25519Verifier.Verify(Expected, hash.Bytes, signature))
                throw new SigningFailedException(SigningProblem.SignatureInvalid,
                    $"what came back is no signature of {Expected} over the 32 bytes of the hash; the key must sign them with plain Ed25519, not prehashed");
            KeyMetrics.Tries.WithLabels(Provider, "Signed").Inc();
            return signature;
        }
        catch (SigningFailedException failure)
        {
            KeyMetrics.Tries.WithLabels(Provider, failure.Problem.ToString()).Inc();
            throw;
        }
        finally
        {
            KeyMetrics.Duration.WithLabels(Provider).Observe(_time.GetElapsedTime(started).TotalSeconds);
        }
    }

    private async Task<T> OnceAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await _once.ExecuteAsync(async token => await ask(token), cancellationToken);
        }
        catch (TimeoutRejectedException late)
        {
            throw new SigningFailedException(SigningProblem.TimedOut, $"{Provider} did not answer within {Limits.TryTimeout.TotalMilliseconds:0} ms", late);
        }
        catch (Exception foreign) when (foreign is not (SigningFailedException or OperationCanceledException))
        {
            // A client library has more ways to fail than its documents tell; none may end the process.
            throw new SigningFailedException(SigningProblem.ProviderFailed, $"{foreign.GetType().Name}: {foreign.Message}", foreign);
        }
    }

    private SigningFailedException NotProven() => new(SigningProblem.KeyNotProven, _state.ToString()!);
}
