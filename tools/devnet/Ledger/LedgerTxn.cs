namespace Payouts.Devnet.Ledger;

/// <summary>Changes on top of a view, kept apart until they are committed; dropping it is the rollback.</summary>
public sealed class LedgerTxn(ILedgerView parent) : ILedgerView
{
    private readonly Dictionary<EntryKey, StoredEntry?> changes = [];
    private readonly List<EntryKey> order = [];

    public StoredEntry? Get(EntryKey key) => changes.TryGetValue(key, out var changed) ? changed : parent.Get(key);

    public void Put(EntryKey key, StoredEntry entry) => Change(key, entry);

    public void Remove(EntryKey key) => Change(key, null);

    /// <summary>Changed keys in the order of their first change, with the value before and after.</summary>
    public IEnumerable<(EntryKey Key, StoredEntry? Before, StoredEntry? After)> Changes()
    {
        foreach (var key in order)
        {
            var before = parent.Get(key);
            var after = changes[key];
            if (!ReferenceEquals(before, after))
            {
                yield return (key, before, after);
            }
        }
    }

    public IEnumerable<KeyValuePair<EntryKey, StoredEntry?>> Final() => order.Select(key => KeyValuePair.Create(key, changes[key]));

    public void CommitTo(LedgerTxn target)
    {
        foreach (var key in order)
        {
            target.Change(key, changes[key]);
        }
    }

    private void Change(EntryKey key, StoredEntry? entry)
    {
        if (changes.TryAdd(key, entry))
        {
            order.Add(key);
        }
        else
        {
            changes[key] = entry;
        }
    }
}
