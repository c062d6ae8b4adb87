using Payouts.Devnet.Soroban;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Queue;

/// <summary>Why a declaration was refused, as the diagnostic event that stellar-core attaches to txSOROBAN_INVALID.</summary>
public static class SorobanDiagnostics
{
    public static IReadOnlyList<DiagnosticEvent> Of(TransactionFrame frame, TransactionOutcome outcome)
    {
        if (outcome.Code != TransactionResultCode.txSOROBAN_INVALID)
        {
            return [];
        }

        var problem = frame.SorobanVerdict.ResourceProblem ?? (frame.IsFeeBump ? frame.SorobanVerdict.BumpedFeeProblem : frame.SorobanVerdict.FeeProblem)
            ?? "Soroban transactions are not allowed to use memo or muxed source account";
        return [Problem(problem)];
    }

    public static DiagnosticEvent Problem(string reason) => CoreDiagnostics.Error(new SCError.Storage(SCErrorCode.SCEC_EXCEEDED_LIMIT), reason);
}
