using Payouts.Devnet.Faults;
using Payouts.Devnet.History;
using Payouts.Stellar;

namespace Payouts.Devnet.Ledger;

/// <summary>The chain as one node sees it: at the head, or some ledgers behind, or with a shorter memory.</summary>
public sealed class NodeLook
{
    private readonly Chain chain;

    public NodeLook(Chain chain, int lagLedgers)
    {
        this.chain = chain;
        var head = chain.History.Latest;
        var oldest = chain.History.Oldest.Sequence;
        var behind = (int)Math.Min(lagLedgers, head.Sequence - oldest);
        IsLagging = behind > 0;
        Latest = chain.History.Ledger(head.Sequence - (uint)behind) ?? head;
        State = chain.State.Before(behind);
        if (chain.Faults.InForce(FaultKind.ExpiredRetention) is { } expired)
        {
            oldest = Math.Max(oldest, Latest.Sequence - Math.Min(Latest.Sequence - oldest, (uint)expired.Ledgers));
        }

        Oldest = chain.History.Ledger(oldest) ?? Latest;
    }

    public bool IsLagging { get; }

    public LedgerRecord Latest { get; }

    public LedgerRecord Oldest { get; }

    public ILedgerView State { get; }

    public LedgerInfo Info => chain.Info(Latest);

    /// <summary>A transaction that this node has in its memory.</summary>
    public TransactionRecord? Find(TransactionHash hash) =>
        chain.History.Find(hash) is { } record && record.Ledger <= Latest.Sequence && record.Ledger >= Oldest.Sequence ? record : null;

    public IEnumerable<LedgerRecord> Ledgers(uint first, uint count)
    {
        for (var sequence = first; sequence <= Latest.Sequence && sequence - first < count; sequence++)
        {
            if (chain.History.Ledger(sequence) is { } ledger)
            {
                yield return ledger;
            }
        }
    }
}
