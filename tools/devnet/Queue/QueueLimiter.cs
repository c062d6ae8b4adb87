using Payouts.Devnet.Transactions;

namespace Payouts.Devnet.Queue;

/// <summary>stellar-core TxQueueLimiter: keeps the queue at so many ledgers' worth, the cheapest giving way to dearer ones.</summary>
public sealed class QueueLimiter(LedgerResources limits)
{
    private readonly SortedSet<TransactionFrame> byFee = new(CheapestFirst.Instance);
    private FeeRate? evicted;
    private LedgerResources taken;

    /// <summary>Dearest first, for building a ledger.</summary>
    public IEnumerable<TransactionFrame> DearestFirst => byFee.Reverse();

    public int Count => byFee.Count;

    /// <summary>Whether a transaction fits, in place of one it replaces.</summary>
    /// <param name="victims">Transactions that must leave for it.</param>
    /// <returns>Null when it fits; otherwise the full fee that would do, or 0 when no fee would.</returns>
    public long? CannotFit(TransactionFrame frame, TransactionFrame? replaced, List<TransactionFrame> victims)
    {
        var flat = frame.FullFee - frame.InclusionFee;

        // Whoever was evicted in this ledger must not be followed by a cheaper one, even if there is room by now.
        if (evicted is { } floor && floor.CompareTo(FeeRate.Of(frame)) >= 0)
        {
            return floor.FeeToBeat(frame.FeeOperations) + flat;
        }

        var room = limits - taken + (replaced is null ? default : LedgerResources.Of(replaced));
        var needed = LedgerResources.Of(frame);
        if (!needed.FitsIn(limits))
        {
            return 0;
        }

        foreach (var candidate in byFee)
        {
            if (needed.FitsIn(room))
            {
                break;
            }

            if (ReferenceEquals(candidate, replaced))
            {
                continue;
            }

            if (candidate.SourceKey.Equals(frame.SourceKey))
            {
                return 0;
            }

            var rate = FeeRate.Of(candidate);
            if (rate.CompareTo(FeeRate.Of(frame)) >= 0)
            {
                return rate.FeeToBeat(frame.FeeOperations) + flat;
            }

            room += LedgerResources.Of(candidate);
            victims.Add(candidate);
        }

        return needed.FitsIn(room) ? null : 0;
    }

    public void Add(TransactionFrame frame)
    {
        if (byFee.Add(frame))
        {
            taken += LedgerResources.Of(frame);
        }
    }

    public void Remove(TransactionFrame frame)
    {
        if (byFee.Remove(frame))
        {
            taken -= LedgerResources.Of(frame);
        }
    }

    public void NoteEvicted(TransactionFrame frame) => evicted = FeeRate.Of(frame);

    public void ForgetEvicted() => evicted = null;

    private sealed class CheapestFirst : IComparer<TransactionFrame>
    {
        public static readonly CheapestFirst Instance = new();

        public int Compare(TransactionFrame? x, TransactionFrame? y)
        {
            var byRate = FeeRate.Of(x!).CompareTo(FeeRate.Of(y!));
            return byRate != 0 ? byRate : x!.Hash.Bytes.SequenceCompareTo(y!.Hash.Bytes);
        }
    }
}
