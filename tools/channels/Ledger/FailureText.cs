using Payouts.Stellar.Xdr;

namespace Payouts.Channels.Ledger;

/// <summary>The ledger's own words about a transaction that it failed.</summary>
public static class FailureText
{
    /// <summary>The first operation that did not succeed, counted from 0, and its code; null: none has a result.</summary>
    public static (int Operation, string Code)? FirstFailure(TransactionResult result) => result.Result is not TransactionResultResult.TxFailed failed ? null
        : failed.Value.Select((operation, index) => (index, CodeOf(operation))).Where(x => !IsSuccess(x.Item2)).Select(x => ((int, string)?)x).FirstOrDefault();

    /// <summary>The account is there, or is gone, already: somebody else did what the operation was to do.</summary>
    public static bool IsDoneAlready(string code) => code is nameof(CreateAccountResultCode.CREATE_ACCOUNT_ALREADY_EXIST)
        or nameof(OperationResultCode.opNO_ACCOUNT) or nameof(PaymentResultCode.PAYMENT_NO_DESTINATION);

    private static string CodeOf(OperationResult result) => result is not OperationResult.OpInner { Value: var inner } ? result.Discriminant.ToString() : inner switch
    {
        OperationResultTr.CreateAccount create => create.Value.Discriminant.ToString(),
        OperationResultTr.Payment payment => payment.Value.Discriminant.ToString(),
        OperationResultTr.AccountMerge merge => merge.Value.Discriminant.ToString(),
        _ => inner.Discriminant.ToString(),
    };

    private static bool IsSuccess(string code) => code.EndsWith("_SUCCESS", StringComparison.Ordinal);
}
