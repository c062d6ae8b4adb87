using Payouts.Devnet.Faults;
using Payouts.Devnet.Options;
using Payouts.Devnet.Transactions;

namespace Payouts.Devnet.Queue;

/// <summary>The two queues of a node. One account has at most one transaction pending in both together.</summary>
public sealed class TransactionQueue(DevnetOptions options, FaultScript faults)
{
    public KindQueue Classic { get; } = new(LedgerResources.ClassicLimits(options), faults);

    public KindQueue Soroban { get; } = new(LedgerResources.SorobanLimits(options), faults);

    public QueueAnswer TryAdd(TransactionFrame frame, ValidityMoment moment)
    {
        var (own, other) = frame.IsSoroban ? (Soroban, Classic) : (Classic, Soroban);
        return other.IsPending(frame.SourceKey) ? new QueueAnswer.TryAgainLater() : own.TryAdd(frame, moment);
    }
}
