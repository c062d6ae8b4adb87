using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Transactions;

/// <summary>The result of one transaction while it is being found (stellar-core MutableTransactionResult).</summary>
public sealed class TransactionOutcome(TransactionFrame frame, long feeCharged)
{
    private TransactionResultCode? outer;
    private TransactionResultCode inner = TransactionResultCode.txSUCCESS;

    /// <summary>Stroops taken from the fee source in the end.</summary>
    public long FeeCharged { get; set; } = feeCharged;

    /// <summary>One result per operation; null where none was reached.</summary>
    public OperationResult?[] Operations { get; } = new OperationResult?[frame.Tx.Operations.Count];

    public bool IsSuccess => outer is null && inner == TransactionResultCode.txSUCCESS;

    /// <summary>The code of the transaction, or of the inner one when the fee bump itself was fine.</summary>
    public TransactionResultCode Code => outer ?? inner;

    /// <summary>The envelope itself is refused.</summary>
    public TransactionOutcome Fail(TransactionResultCode code)
    {
        if (frame.IsFeeBump)
        {
            outer = code;
        }
        else
        {
            inner = code;
        }

        return this;
    }

    /// <summary>The transaction inside the envelope is refused or failed.</summary>
    public TransactionOutcome FailInner(TransactionResultCode code)
    {
        inner = code;
        return this;
    }

    public TransactionResult ToXdr() => new(FeeCharged, Result(), new TransactionResultExt.V0());

    private TransactionResultResult Result()
    {
        if (!frame.IsFeeBump)
        {
            return ResultArms.Of(inner, OperationResults());
        }

        if (outer is { } code)
        {
            return ResultArms.Of(code, []);
        }

        var pair = new InnerTransactionResultPair(
            frame.InnerHash.ToXdr(), new InnerTransactionResult(0, ResultArms.InnerOf(inner, OperationResults()), new InnerTransactionResultExt.V0()));
        return inner == TransactionResultCode.txSUCCESS
            ? new TransactionResultResult.TxFeeBumpInnerSuccess(pair)
            : new TransactionResultResult.TxFeeBumpInnerFailed(pair);
    }

    private XdrArray<OperationResult> OperationResults() =>
        Operations.Select((result, i) => result ?? ResultArms.Untouched(frame.Tx.Operations[i].Body)).ToXdrArray();
}
