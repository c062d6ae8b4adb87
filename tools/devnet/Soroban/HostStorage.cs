using Payouts.Devnet.Ledger;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>The entries a call may touch: those of the declared footprint, or (in simulation) any, noting which.</summary>
public sealed class HostStorage(LedgerTxn ledger, LedgerInfo info, Budget budget, IReadOnlyDictionary<EntryKey, bool>? footprint)
{
    private readonly Dictionary<EntryKey, bool> touched = [];

    private readonly Dictionary<EntryKey, int> sizesBefore = [];

    public LedgerTxn Ledger => ledger;

    public LedgerInfo Info => info;

    /// <summary>Every key touched, and whether it was written.</summary>
    public IReadOnlyDictionary<EntryKey, bool> Touched => touched;

    /// <summary>Persistent entries whose life has ended: in a simulation they are read as if restored, and must be before the call can run.</summary>
    public List<EntryKey> Archived { get; } = [];

    /// <summary>Bytes of an entry before the call touched it; 0 when it did not exist.</summary>
    public int SizeBefore(EntryKey key) => sizesBefore.GetValueOrDefault(key);

    /// <summary>The entry, if it exists and lives.</summary>
    /// <exception cref="HostException">The key is outside of the footprint.</exception>
    public StoredEntry? Get(EntryKey key)
    {
        Touch(key, write: false);
        var entry = ledger.Get(key);
        budget.Charge(Budget.EntryAccess + (entry?.SizeBytes ?? 0) * Budget.EntryByte);
        if (entry is null || entry.IsLiveAt(info.Sequence))
        {
            return entry;
        }

        if (!SorobanEntries.IsPersistent(key.Decode()))
        {
            return null;
        }

        if (!Archived.Contains(key))
        {
            Archived.Add(key);
        }

        return entry;
    }

    public void Put(EntryKey key, LedgerEntryData data, uint? liveUntil = null)
    {
        Touch(key, write: true);
        var entry = StoredEntry.Of(data, info.Sequence, liveUntil);
        budget.Charge(Budget.EntryAccess + entry.SizeBytes * Budget.EntryByte);
        ledger.Put(key, entry);
    }

    public SCVal? GetData(SCAddress contract, SCVal key, ContractDataDurability durability = ContractDataDurability.PERSISTENT) =>
        Get(EntryKey.ContractData(contract, key, durability))?.ContractData.Val;

    /// <summary>Writes contract data; a new persistent entry lives for the network's minimum.</summary>
    public void PutData(SCAddress contract, SCVal key, SCVal value, ContractDataDurability durability = ContractDataDurability.PERSISTENT, uint? liveUntil = null)
    {
        var entryKey = EntryKey.ContractData(contract, key, durability);
        var current = ledger.Get(entryKey);
        var until = liveUntil ?? (current is { LiveUntil: { } existing } && current.IsLiveAt(info.Sequence) ? existing : info.Sequence + info.PersistentTtlLedgers - 1);
        Put(entryKey, new LedgerEntryData.ContractData(new ContractDataEntry(new ExtensionPoint.V0(), contract, key, durability, value)), until);
    }

    private void Touch(EntryKey key, bool write)
    {
        if (footprint is not null && (!footprint.TryGetValue(key, out var writable) || (write && !writable)))
        {
            throw HostException.Storage(SCErrorCode.SCEC_EXCEEDED_LIMIT, write && footprint.ContainsKey(key)
                ? "trying to modify a read-only entry of the footprint"
                : "trying to access contract data key outside of the footprint");
        }

        if (footprint is null)
        {
            sizesBefore.TryAdd(key, ledger.Get(key)?.SizeBytes ?? 0);
        }

        touched[key] = write || touched.GetValueOrDefault(key);
    }
}
