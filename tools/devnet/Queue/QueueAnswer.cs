using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Queue;

/// <summary>What the queue says to one transaction.</summary>
public abstract record QueueAnswer
{
    private QueueAnswer()
    {
    }

    public static QueueAnswer Refuse(TransactionFrame frame, TransactionResultCode code, long feeCharged = 0) =>
        new Error(new TransactionOutcome(frame, feeCharged).Fail(code).ToXdr(), []);

    public sealed record Pending : QueueAnswer;

    public sealed record Duplicate : QueueAnswer;

    public sealed record TryAgainLater : QueueAnswer;

    /// <summary>The RPC turns this into JSON-RPC -32603 "invalid status from stellar-core".</summary>
    public sealed record Filtered : QueueAnswer;

    public sealed record Error(TransactionResult Result, IReadOnlyList<DiagnosticEvent> Diagnostics) : QueueAnswer;
}
