using Payouts.Devnet.Ledger;
using Payouts.Devnet.Operations;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>The footprint of a transaction about to run: archived entries are restored where it says so, or end it here.</summary>
public sealed class DeclaredFootprint
{
    private readonly Dictionary<EntryKey, bool> access = [];
    private readonly List<EntryKey> written = [];
    private long diskReadBytes;

    /// <summary>Key to whether it may be written.</summary>
    public IReadOnlyDictionary<EntryKey, bool> Access => access;

    public InvokeHostFunctionResult? Failure { get; private set; }

    public string? Reason { get; private set; }

    public static DeclaredFootprint Load(OperationContext context)
    {
        var data = context.Frame.SorobanData!;
        var result = new DeclaredFootprint();
        var restorable = data.Ext is SorobanTransactionDataExt.V1 v1 ? v1.Value.ArchivedSorobanEntries.ToHashSet() : [];
        foreach (var (key, xdr) in context.Frame.Footprint.ReadOnly)
        {
            result.Add(context, key, xdr, writable: false, restorable: false);
        }

        for (var i = 0; i < context.Frame.Footprint.ReadWrite.Count; i++)
        {
            var (key, xdr) = context.Frame.Footprint.ReadWrite[i];
            result.Add(context, key, xdr, writable: true, restorable.Contains((uint)i));
        }

        return result;
    }

    /// <summary>Bytes of all read-write entries that exist afterwards: the network writes them whether changed or not.</summary>
    public long WrittenBytes(ILedgerView ledger) => written.Sum(key => (long)(ledger.Get(key)?.SizeBytes ?? 0));

    private void Add(OperationContext context, EntryKey key, LedgerKey ledgerKey, bool writable, bool restorable)
    {
        access[key] = writable;
        if (writable)
        {
            written.Add(key);
        }

        if (Failure is not null || context.Ledger.Get(key) is not { } entry)
        {
            return;
        }

        if (SorobanEntries.IsPersistent(ledgerKey) && !entry.IsLiveAt(context.Info.Sequence))
        {
            if (!restorable)
            {
                Fail(new InvokeHostFunctionResult.EntryArchived(), "trying to access an archived persistent entry");
                return;
            }

            context.Ledger.Put(key, entry.WithLiveUntil(context.Info.Sequence + context.Info.PersistentTtlLedgers - 1));
            diskReadBytes += entry.SizeBytes;
        }
        else if (ResourceFees.IsClassic(ledgerKey))
        {
            diskReadBytes += entry.SizeBytes;
        }

        if (diskReadBytes > context.Frame.SorobanData!.Resources.DiskReadBytes)
        {
            Fail(new InvokeHostFunctionResult.ResourceLimitExceeded(), "operation byte-read resources exceeds amount specified");
        }
    }

    private void Fail(InvokeHostFunctionResult result, string reason)
    {
        Failure = result;
        Reason = reason;
    }
}
