using Payouts.Hosting.Messaging;

namespace Payouts.Signer;

/// <summary>Reads rows by key for many callers at once: whoever waits while one query runs shares the next.</summary>
internal sealed class SharedLookup<TKey, TValue> : IAsyncDisposable
    where TKey : notnull
    where TValue : class
{
    /// <summary>Reads the rows of all keys in one query.</summary>
    public delegate Task<Dictionary<TKey, TValue>> ReadAll(SignerDbContext db, IReadOnlyList<TKey> keys, CancellationToken cancellationToken);

    private readonly ReadAll _read;
    private readonly GroupCommit<SignerDbContext, Asked> _groups;

    public SharedLookup(UnitOfWorkFactory<SignerDbContext> units, ReadAll read) =>
        (_read, _groups) = (read, new GroupCommit<SignerDbContext, Asked>(units, ReadAsync));

    public async Task<TValue?> FindAsync(TKey key, CancellationToken cancellationToken)
    {
        var asked = new Asked(key);
        await _groups.RunAsync(asked, cancellationToken);
        return asked.Found;
    }

    public ValueTask DisposeAsync() => _groups.DisposeAsync();

    private async Task ReadAsync(IReadOnlyList<Asked> group, UnitOfWork<SignerDbContext> unit, CancellationToken cancellationToken)
    {
        var found = await _read(unit.Db, [.. group.Select(x => x.Key).Distinct()], cancellationToken);
        foreach (var asked in group)
            asked.Found = found.GetValueOrDefault(asked.Key);
    }

    private sealed class Asked(TKey key)
    {
        public TKey Key { get; } = key;

        public TValue? Found { get; set; }
    }
}
