using Payouts.Stellar.Xdr;
using static Payouts.Stellar.Xdr.TransactionResultCode;
using Inner = Payouts.Stellar.Xdr.InnerTransactionResultResult;
using Outer = Payouts.Stellar.Xdr.TransactionResultResult;

namespace Payouts.Devnet.Transactions;

/// <summary>Result codes to union arms.</summary>
public static class ResultArms
{
    private static readonly Hash ZeroHash = new(new byte[32]);

    public static Outer Of(TransactionResultCode code, XdrArray<OperationResult> operations) => code switch
    {
        txSUCCESS => new Outer.TxSuccess(operations),
        txFAILED => new Outer.TxFailed(operations),
        txTOO_EARLY => new Outer.TxTooEarly(),
        txTOO_LATE => new Outer.TxTooLate(),
        txMISSING_OPERATION => new Outer.TxMissingOperation(),
        txBAD_SEQ => new Outer.TxBadSeq(),
        txBAD_AUTH => new Outer.TxBadAuth(),
        txINSUFFICIENT_BALANCE => new Outer.TxInsufficientBalance(),
        txNO_ACCOUNT => new Outer.TxNoAccount(),
        txINSUFFICIENT_FEE => new Outer.TxInsufficientFee(),
        txBAD_AUTH_EXTRA => new Outer.TxBadAuthExtra(),
        txNOT_SUPPORTED => new Outer.TxNotSupported(),
        txBAD_SPONSORSHIP => new Outer.TxBadSponsorship(),
        txBAD_MIN_SEQ_AGE_OR_GAP => new Outer.TxBadMinSeqAgeOrGap(),
        txMALFORMED => new Outer.TxMalformed(),
        txSOROBAN_INVALID => new Outer.TxSorobanInvalid(),
        txFROZEN_KEY_ACCESSED => new Outer.TxFrozenKeyAccessed(),
        _ => new Outer.TxInternalError(),
    };

    public static Inner InnerOf(TransactionResultCode code, XdrArray<OperationResult> operations) => code switch
    {
        txSUCCESS => new Inner.TxSuccess(operations),
        txFAILED => new Inner.TxFailed(operations),
        txTOO_EARLY => new Inner.TxTooEarly(),
        txTOO_LATE => new Inner.TxTooLate(),
        txMISSING_OPERATION => new Inner.TxMissingOperation(),
        txBAD_SEQ => new Inner.TxBadSeq(),
        txBAD_AUTH => new Inner.TxBadAuth(),
        txINSUFFICIENT_BALANCE => new Inner.TxInsufficientBalance(),
        txNO_ACCOUNT => new Inner.TxNoAccount(),
        txINSUFFICIENT_FEE => new Inner.TxInsufficientFee(),
        txBAD_AUTH_EXTRA => new Inner.TxBadAuthExtra(),
        txNOT_SUPPORTED => new Inner.TxNotSupported(),
        txBAD_SPONSORSHIP => new Inner.TxBadSponsorship(),
        txBAD_MIN_SEQ_AGE_OR_GAP => new Inner.TxBadMinSeqAgeOrGap(),
        txMALFORMED => new Inner.TxMalformed(),
        txSOROBAN_INVALID => new Inner.TxSorobanInvalid(),
        txFROZEN_KEY_ACCESSED => new Inner.TxFrozenKeyAccessed(),
        _ => new Inner.TxInternalError(),
    };

    /// <summary>The result that an operation carries before it was reached: the success arm, as stellar-core presets it.</summary>
    public static OperationResult Untouched(OperationBody body) => body switch
    {
        OperationBody.CreateAccount => Tr(new OperationResultTr.CreateAccount(new CreateAccountResult.Success())),
        OperationBody.Payment => Tr(new OperationResultTr.Payment(new PaymentResult.Success())),
        OperationBody.ChangeTrust => Tr(new OperationResultTr.ChangeTrust(new ChangeTrustResult.Success())),
        OperationBody.SetOptions => Tr(new OperationResultTr.SetOptions(new SetOptionsResult.Success())),
        OperationBody.BumpSequence => Tr(new OperationResultTr.BumpSequence(new BumpSequenceResult.Success())),
        OperationBody.InvokeHostFunction => Tr(new OperationResultTr.InvokeHostFunction(new InvokeHostFunctionResult.Success(ZeroHash))),
        OperationBody.ExtendFootprintTtl => Tr(new OperationResultTr.ExtendFootprintTtl(new ExtendFootprintTTLResult.Success())),
        OperationBody.RestoreFootprint => Tr(new OperationResultTr.RestoreFootprint(new RestoreFootprintResult.Success())),
        _ => new OperationResult.OpNotSupported(),
    };

    public static OperationResult Tr(OperationResultTr result) => new OperationResult.OpInner(result);
}
