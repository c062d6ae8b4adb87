namespace Payouts.Signers;

/// <summary>Bounds of what is asked of a provider.</summary>
public sealed record SigningLimits
{
    /// <summary>How long one try may take; SIGNER_TIMEOUT_MS.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests under way at once; SIGNER_CONCURRENCY.</summary>
    public int ConcurrencyMax { get; init; } = 8;

    /// <summary>Tries of one request before it is left for later.</summary>
    public int TriesMax { get; init; } = 3;

    /// <summary>Before the second try; doubled for each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Pause after a failure, doubled for each further one in a row.</summary>
    public TimeSpan PauseMin { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause after failures.</summary>
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The pause after so many failures in a row.</summary>
    public TimeSpan PauseAfter(int failures) => PauseMin * Math.Min(PauseMax / PauseMin, Math.Pow(2, Math.Max(0, failures - 1)));
}
