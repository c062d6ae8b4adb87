using Payouts.Devnet.Ledger;
using Payouts.Devnet.Soroban;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Operations;

/// <summary>stellar-core OperationFrame::checkValid: signatures and form of one operation, before any effect.</summary>
public static class OperationValidity
{
    /// <returns>The refusal, or null when the operation may be applied.</returns>
    public static OperationResult? Check(TransactionFrame frame, Operation operation, SignatureChecker checker, ValidityMoment moment)
    {
        if (!IsSupported(operation.Body))
        {
            return new OperationResult.OpNotSupported();
        }

        if (!moment.Applying)
        {
            if (CheckSignature(frame, operation, checker, moment.View) is { } refusal)
            {
                return refusal;
            }
        }
        else if (moment.View.Account(frame.SourceOf(operation)) is null)
        {
            return new OperationResult.OpNoAccount();
        }

        return Form(frame, operation) is { } form ? ResultArms.Tr(form) : null;
    }

    /// <summary>Whether the operation's source account has signed with enough weight.</summary>
    public static OperationResult? CheckSignature(TransactionFrame frame, Operation operation, SignatureChecker checker, ILedgerView view)
    {
        var source = frame.SourceOf(operation);
        if (view.Account(source) is { } account)
        {
            return checker.Check(account, ThresholdLevel(operation.Body)) ? null : new OperationResult.OpBadAuth();
        }

        if (operation.SourceAccount is null)
        {
            return new OperationResult.OpNoAccount();
        }

        return checker.CheckWithoutAccount(source) ? null : new OperationResult.OpBadAuth();
    }

    /// <summary>What this devnet models. Everything else is refused by name rather than half done.</summary>
    public static bool IsSupported(OperationBody body) => body is OperationBody.CreateAccount or OperationBody.Payment or OperationBody.ChangeTrust
        or OperationBody.SetOptions or OperationBody.BumpSequence or OperationBody.AccountMerge or OperationBody.ExtendFootprintTtl or OperationBody.RestoreFootprint
        or OperationBody.InvokeHostFunction { Value.HostFunction: HostFunction.InvokeContract };

    private static int ThresholdLevel(OperationBody body) => body switch
    {
        OperationBody.BumpSequence or OperationBody.ExtendFootprintTtl or OperationBody.RestoreFootprint => 1,
        OperationBody.SetOptions { Value: var set } when set.MasterWeight is not null || set.LowThreshold is not null || set.MedThreshold is not null
            || set.HighThreshold is not null || set.Signer is not null => 3,
        OperationBody.AccountMerge => 3,
        _ => 2,
    };

    private static OperationResultTr? Form(TransactionFrame frame, Operation operation) => operation.Body switch
    {
        OperationBody.CreateAccount { Value: var create } when create.StartingBalance < 0 || create.Destination == frame.SourceOf(operation) =>
            new OperationResultTr.CreateAccount(new CreateAccountResult.Malformed()),
        OperationBody.Payment { Value: var payment } when payment.Amount <= 0 || !payment.Asset.IsValid() =>
            new OperationResultTr.Payment(new PaymentResult.Malformed()),
        OperationBody.ChangeTrust { Value: var trust } when IsMalformed(trust, frame.SourceOf(operation)) =>
            new OperationResultTr.ChangeTrust(new ChangeTrustResult.Malformed()),
        OperationBody.SetOptions { Value: var set } when SetOptionsOperation.FormProblem(set, frame.SourceOf(operation)) is { } problem =>
            new OperationResultTr.SetOptions(problem),
        OperationBody.AccountMerge { Value: var to } when to.AccountId() == frame.SourceOf(operation) =>
            new OperationResultTr.AccountMerge(new AccountMergeResult.Malformed()),
        OperationBody.BumpSequence { Value.BumpTo: < 0 } => new OperationResultTr.BumpSequence(new BumpSequenceResult.BadSeq()),
        OperationBody.ExtendFootprintTtl { Value: var extend } when IsMalformed(extend, frame.SorobanData!) =>
            new OperationResultTr.ExtendFootprintTtl(new ExtendFootprintTTLResult.Malformed()),
        OperationBody.RestoreFootprint when IsMalformedRestore(frame.SorobanData!) =>
            new OperationResultTr.RestoreFootprint(new RestoreFootprintResult.Malformed()),
        _ => null,
    };

    private static bool IsMalformed(ChangeTrustOp trust, AccountID source) =>
        trust.Limit < 0 || trust.Line.ToAsset() is not { } asset || asset is Asset.Native || !asset.IsValid() || asset.Issuer() == source;

    private static bool IsMalformed(ExtendFootprintTTLOp extend, SorobanTransactionData data) =>
        data.Resources.Footprint.ReadWrite.Count > 0 || !data.Resources.Footprint.ReadOnly.All(SorobanEntries.IsSoroban)
        || extend.ExtendTo > NetworkLimits.MaxEntryTtlLedgers - 1;

    private static bool IsMalformedRestore(SorobanTransactionData data) =>
        data.Resources.Footprint.ReadOnly.Count > 0 || !data.Resources.Footprint.ReadWrite.All(SorobanEntries.IsPersistent);
}
