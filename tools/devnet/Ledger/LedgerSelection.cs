using Payouts.Devnet.Queue;
using Payouts.Devnet.Transactions;

namespace Payouts.Devnet.Ledger;

/// <summary>The transactions of one kind that a ledger takes, in apply order, and the base fee they all pay.</summary>
public sealed record LedgerSelection(IReadOnlyList<TransactionFrame> Frames, long BaseFee)
{
    /// <summary>The dearest that fit. When not all fit, everybody taken pays the lowest taken bid instead of the network's minimum.</summary>
    /// <param name="surgeFee">Inclusion fee per operation below which nothing is taken (a fault on demand); 0 for none.</param>
    public static LedgerSelection Choose(KindQueue queue, ValidityMoment moment, long surgeFee)
    {
        var taken = new List<TransactionFrame>();
        var invalid = new List<TransactionFrame>();
        var room = new LedgerRoom(queue.LedgerCapacity);
        var leftOut = false;
        foreach (var frame in queue.DearestFirst)
        {
            if (FeeRate.Of(frame).PerOperation < surgeFee)
            {
                leftOut = true;
                break;
            }

            if (!room.Fits(frame))
            {
                leftOut = true;
                if (room.IsFull)
                {
                    break;
                }

                continue;
            }

            if (TransactionValidator.CheckValid(frame, moment).IsSuccess)
            {
                room.Take(frame);
                taken.Add(frame);
            }
            else
            {
                invalid.Add(frame);
            }
        }

        invalid.ForEach(queue.Ban);
        var baseFee = leftOut && taken.Count > 0
            ? Math.Max(surgeFee, taken.Min(frame => FeeRate.Of(frame).PerOperation))
            : moment.Ledger.BaseFee;

        // Apply order says nothing about the fee bid: by hash, as good as shuffled.
        taken.Sort((left, right) => left.Hash.Bytes.SequenceCompareTo(right.Hash.Bytes));
        return new LedgerSelection(taken, baseFee);
    }

    /// <summary>What is left of a ledger's limits.</summary>
    private sealed class LedgerRoom(int capacity)
    {
        private long operations = capacity;
        private long instructions = NetworkLimits.LedgerInstructionsMax * Math.Max(1, capacity / 200);

        public bool IsFull => operations <= 0;

        public bool Fits(TransactionFrame frame) => frame.Tx.Operations.Count <= operations && Instructions(frame) <= instructions;

        public void Take(TransactionFrame frame)
        {
            operations -= frame.Tx.Operations.Count;
            instructions -= Instructions(frame);
        }

        private static long Instructions(TransactionFrame frame) => frame.SorobanData?.Resources.Instructions ?? 0;
    }
}
