using Payouts.Devnet.Faults;
using Payouts.Devnet.Transactions;

namespace Payouts.Devnet.Queue;

/// <summary>The two queues of a node. One account has at most one transaction pending in both together.</summary>
public sealed class TransactionQueue(int capacityClassic, int capacitySoroban, FaultScript faults)
{
    public KindQueue Classic { get; } = new(capacityClassic, faults);

    public KindQueue Soroban { get; } = new(capacitySoroban, faults);

    public QueueAnswer TryAdd(TransactionFrame frame, ValidityMoment moment)
    {
        var (own, other) = frame.IsSoroban ? (Soroban, Classic) : (Classic, Soroban);
        return other.IsPending(frame.SourceKey) ? new QueueAnswer.TryAgainLater() : own.TryAdd(frame, moment);
    }
}
