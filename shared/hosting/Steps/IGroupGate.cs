namespace Payouts.Hosting.Steps;

/// <summary>
/// Where a deterministic run decides which messages share a transaction. Without one nobody decides: what waits while a transaction runs goes
/// into the next one.
/// </summary>
public interface IGroupGate
{
    /// <summary>The caller's item waits for its transaction; returns when the caller may look at the outcome.</summary>
    Task QueuedAsync();

    /// <summary>Something waits; returns when what waits then goes into one transaction.</summary>
    Task GatherAsync();
}

/// <summary>Nobody decides: what runs in production.</summary>
public sealed class OpenGroupGate : IGroupGate
{
    /// <inheritdoc />
    public Task QueuedAsync() => Task.CompletedTask;

    /// <inheritdoc />
    public Task GatherAsync() => Task.CompletedTask;
}
