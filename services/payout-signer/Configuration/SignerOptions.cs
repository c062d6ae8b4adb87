namespace Payouts.Signer.Configuration;

/// <summary>Bounds of the signer that are not settings; tests and the embedded process may give others.</summary>
public sealed record SignerOptions
{
    /// <summary>How long a sound transaction waits for its order before its payout fails with OrderUnknown.</summary>
    public TimeSpan OrderWaitMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often requests without an order are looked at, and the waiting ones measured.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A request younger than this is left to the arrival of its order; the sweep only finds those that slipped between two transactions.</summary>
    public TimeSpan SweepAgeMin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Requests released or failed in one transaction.</summary>
    public int SweepBatchMax { get; init; } = 500;

    /// <summary>How long a request that the policy holds waits until it is judged again; people's decisions have it judged at once.</summary>
    public TimeSpan HeldPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time between the external signer's deadline and the envelope's maxTime: for verification, submission and one ledger.</summary>
    public TimeSpan DeadlineMargin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the requests that wait for the key's provider are looked at when nothing wakes the loop: those of a crash, or of another process.</summary>
    public TimeSpan KeyPollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Requests that one step gives to the key's provider.</summary>
    public int KeyBatchMax { get; init; } = 200;
}
