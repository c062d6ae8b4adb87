namespace Payouts.Devnet.Ledger;

/// <summary>The entries as of the last closed ledger, and enough of the past to answer like a node that lags.</summary>
public sealed class LedgerState(int undoLedgers) : ILedgerView
{
    private readonly Dictionary<EntryKey, StoredEntry> entries = [];
    private readonly LinkedList<Dictionary<EntryKey, StoredEntry?>> undo = new();

    public int Count => entries.Count;

    public IEnumerable<KeyValuePair<EntryKey, StoredEntry>> All => entries;

    public StoredEntry? Get(EntryKey key) => entries.GetValueOrDefault(key);

    /// <summary>Takes the changes of one closed ledger.</summary>
    public void Close(IEnumerable<KeyValuePair<EntryKey, StoredEntry?>> changes)
    {
        var before = new Dictionary<EntryKey, StoredEntry?>();
        foreach (var (key, entry) in changes)
        {
            before[key] = entries.GetValueOrDefault(key);
            Set(key, entry);
        }

        undo.AddFirst(before);
        if (undo.Count > undoLedgers)
        {
            undo.RemoveLast();
        }
    }

    /// <summary>The state as it was some ledgers ago; further back than kept gives the oldest kept.</summary>
    public ILedgerView Before(int ledgers) => ledgers <= 0 ? this : new Earlier(this, ledgers);

    /// <summary>Sets an entry outside of any transaction: genesis, a loaded state, or an archived entry on demand.</summary>
    public void Set(EntryKey key, StoredEntry? entry)
    {
        if (entry is null)
        {
            entries.Remove(key);
        }
        else
        {
            entries[key] = entry;
        }
    }

    private sealed class Earlier(LedgerState now, int ledgers) : ILedgerView
    {
        public StoredEntry? Get(EntryKey key)
        {
            // The oldest change inside the window holds the value from before the window.
            StoredEntry? found = null;
            var changed = false;
            var left = ledgers;
            for (var node = now.undo.First; node is not null && left > 0; node = node.Next, left--)
            {
                if (node.Value.TryGetValue(key, out var before))
                {
                    found = before;
                    changed = true;
                }
            }

            return changed ? found : now.Get(key);
        }
    }
}
