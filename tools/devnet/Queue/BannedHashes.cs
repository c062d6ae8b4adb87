using Payouts.Stellar;

namespace Payouts.Devnet.Queue;

/// <summary>Hashes that the queue refuses, forgotten after a number of ledgers.</summary>
public sealed class BannedHashes
{
    private readonly LinkedList<HashSet<TransactionHash>> byLedger = new();

    public BannedHashes(int ledgers)
    {
        for (var i = 0; i < ledgers; i++)
        {
            byLedger.AddFirst([]);
        }
    }

    public void Add(TransactionHash hash) => byLedger.First!.Value.Add(hash);

    public bool Contains(TransactionHash hash) => byLedger.Any(hashes => hashes.Contains(hash));

    /// <summary>One ledger has passed.</summary>
    public void Shift()
    {
        byLedger.RemoveLast();
        byLedger.AddFirst([]);
    }
}
