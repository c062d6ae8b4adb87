using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.History;

/// <summary>One closed ledger.</summary>
public sealed class LedgerRecord(LedgerHeaderHistoryEntry header, IReadOnlyList<TransactionRecord> transactions, PhaseFees fees)
{
    private readonly WeakReference<IReadOnlyList<LedgerEvent>?> events = new(null);

    public LedgerHeaderHistoryEntry Header => header;

    public uint Sequence => header.Header.LedgerSeq;

    /// <summary>Unix seconds.</summary>
    public ulong CloseTime => header.Header.ScpValue.CloseTime;

    public string HashHex => header.Hash.Value.ToString();

    public IReadOnlyList<TransactionRecord> Transactions => transactions;

    public PhaseFees Fees => fees;

    public long SizeBytes { get; } = transactions.Sum(one => (long)one.SizeBytes) + 1_000;

    /// <summary>All events in the order of their ids. Decoded on demand and forgotten under memory pressure.</summary>
    public IReadOnlyList<LedgerEvent> Events()
    {
        if (!events.TryGetTarget(out var list) || list is null)
        {
            list = LedgerEvent.Of(this);
            events.SetTarget(list);
        }

        return list;
    }
}
