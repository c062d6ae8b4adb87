using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Operations;

internal static class BumpSequenceOperation
{
    /// <summary>Never lowers; a lower target succeeds and changes nothing.</summary>
    public static OperationResult Apply(OperationContext context, BumpSequenceOp bump)
    {
        var source = context.SourceAccount;
        if (bump.BumpTo > source.SeqNum)
        {
            context.Save(SequenceAge.Use(source, bump.BumpTo, context.Info.Sequence, context.Info.CloseTime));
        }

        return ResultArms.Tr(new OperationResultTr.BumpSequence(new BumpSequenceResult.Success()));
    }
}
