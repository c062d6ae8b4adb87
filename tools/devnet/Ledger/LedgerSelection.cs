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
        var room = queue.LedgerLimits;
        var leftOut = false;
        foreach (var frame in queue.DearestFirst)
        {
            if (FeeRate.Of(frame).PerOperation < surgeFee)
            {
                leftOut = true;
                break;
            }

            var needed = LedgerResources.Of(frame);
            if (!needed.FitsIn(room))
            {
                // A smaller one may still fit, unless not a single operation does.
                leftOut = true;
                if (room.Operations <= 0)
                {
                    break;
                }
            }
            else if (TransactionValidator.CheckValid(frame, moment).IsSuccess)
            {
                room -= needed;
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
}
