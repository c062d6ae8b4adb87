using Payouts.Stellar;

namespace Payouts.Devnet.History;

/// <summary>Closed ledgers and their transactions, within a window of ledgers and of memory.</summary>
public sealed class LedgerHistory(int ledgersMax, long bytesMax)
{
    private readonly Dictionary<TransactionHash, TransactionRecord> byHash = [];
    private readonly Queue<LedgerRecord> ledgers = new();
    private readonly Dictionary<uint, LedgerRecord> bySequence = [];
    private long bytes;

    public LedgerRecord Latest { get; private set; } = null!;

    public LedgerRecord Oldest => ledgers.Peek();

    /// <summary>Oldest first.</summary>
    public IEnumerable<LedgerRecord> All => ledgers;

    public int TransactionCount => byHash.Count;

    public void Add(LedgerRecord ledger)
    {
        ledgers.Enqueue(ledger);
        bySequence[ledger.Sequence] = ledger;
        Latest = ledger;
        bytes += ledger.SizeBytes;
        foreach (var transaction in ledger.Transactions)
        {
            byHash[transaction.Hash] = transaction;
            byHash[transaction.InnerHash] = transaction;
        }

        while (ledgers.Count > ledgersMax || (bytes > bytesMax && ledgers.Count > 1))
        {
            Forget(ledgers.Dequeue());
        }
    }

    /// <summary>By the hash of the envelope or, for a fee bump, of the inner transaction.</summary>
    public TransactionRecord? Find(TransactionHash hash) => byHash.GetValueOrDefault(hash);

    public LedgerRecord? Ledger(uint sequence) => bySequence.GetValueOrDefault(sequence);

    private void Forget(LedgerRecord ledger)
    {
        bytes -= ledger.SizeBytes;
        bySequence.Remove(ledger.Sequence);
        foreach (var transaction in ledger.Transactions)
        {
            Forget(transaction.Hash, transaction);
            Forget(transaction.InnerHash, transaction);
        }
    }

    private void Forget(TransactionHash hash, TransactionRecord transaction)
    {
        if (byHash.TryGetValue(hash, out var current) && ReferenceEquals(current, transaction))
        {
            byHash.Remove(hash);
        }
    }
}
