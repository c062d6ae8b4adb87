using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Operations;

/// <summary>Applies classic operations. Soroban ones run in the contract host.</summary>
public static class OperationApplier
{
    public static OperationResult Apply(OperationContext context) => context.Operation.Body switch
    {
        OperationBody.CreateAccount create => CreateAccountOperation.Apply(context, create.Value),
        OperationBody.Payment payment => PaymentOperation.Apply(context, payment.Value),
        OperationBody.ChangeTrust trust => ChangeTrustOperation.Apply(context, trust.Value),
        OperationBody.SetOptions set => SetOptionsOperation.Apply(context, set.Value),
        OperationBody.AccountMerge merge => AccountMergeOperation.Apply(context, merge.Value),
        OperationBody.BumpSequence bump => BumpSequenceOperation.Apply(context, bump.Value),
        _ => new OperationResult.OpNotSupported(),
    };

    /// <summary>Only the success arm of an operation's own result keeps its effects.</summary>
    public static bool Succeeded(OperationResult result) => result is OperationResult.OpInner
    {
        Value: OperationResultTr.CreateAccount { Value: CreateAccountResult.Success }
            or OperationResultTr.Payment { Value: PaymentResult.Success }
            or OperationResultTr.ChangeTrust { Value: ChangeTrustResult.Success }
            or OperationResultTr.SetOptions { Value: SetOptionsResult.Success }
            or OperationResultTr.AccountMerge { Value: AccountMergeResult.Success }
            or OperationResultTr.BumpSequence { Value: BumpSequenceResult.Success }
            or OperationResultTr.InvokeHostFunction { Value: InvokeHostFunctionResult.Success }
            or OperationResultTr.ExtendFootprintTtl { Value: ExtendFootprintTTLResult.Success }
            or OperationResultTr.RestoreFootprint { Value: RestoreFootprintResult.Success },
    };
}
