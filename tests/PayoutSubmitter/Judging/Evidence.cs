using System.Security.Cryptography;
using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using Payouts.Submitter.Tests.Support;

namespace Payouts.Submitter.Tests.Judging;

/// <summary>Events and results as the ledger writes them, true and false ones.</summary>
internal static class Evidence
{
    public static readonly ContractId Contract = new(SHA256.HashData("the payout contract"u8));

    public static readonly ContractId Token = new(SHA256.HashData("the token"u8));

    public static readonly ContractId Stranger = new(SHA256.HashData("another contract"u8));

    public static readonly AccountId Winner = SubmittingNetwork.Key("winner").AccountId;

    public static readonly AccountId Other = SubmittingNetwork.Key("another winner").AccountId;

    public static SubmitterOptions Options => new()
    {
        Call = new PayoutContractCall(Contract),
        Treasury = new Address.Contract(Contract),
        Tokens = new Dictionary<string, ContractId> { ["XLM"] = Token },
        FeeMaxStroops = SubmittingNetwork.FeeMax,
        BumpAfterLedgers = 5,
        PollInterval = TimeSpan.FromSeconds(1),
        PollsAfterEndMax = 3,
    };

    public static Submission Submission(string currency = "XLM") => new()
    {
        TransactionHash = new string('a', 64),
        Channel = Other.ToString(),
        SequenceNumber = 5,
        Winner = Winner.ToString(),
        Amount = new Stroops(50_000_000),
        Currency = currency,
        SignedXdr = "",
    };

    public static ContractEvent Payout(long amount = 50_000_000, string currency = "XLM", AccountId? winner = null, ContractId? contract = null) => Event(
        contract ?? Contract, [ScVal.Symbol("PAYOUT")], ScVal.Vec(ScVal.Address(winner ?? Winner), ScVal.I128(amount), ScVal.Symbol(currency)));

    public static ContractEvent Transfer(long amount = 50_000_000, ContractId? token = null, Address? from = null, AccountId? to = null) => Event(
        token ?? Token, [ScVal.Symbol("transfer"), ScVal.Address(from ?? Contract), ScVal.Address(to ?? Winner), ScVal.String("native")], ScVal.I128(amount));

    /// <summary>The same event from a call that did not succeed: rolled back, proving nothing.</summary>
    public static ContractEvent RolledBack(this ContractEvent contractEvent) => contractEvent with { Type = ContractEventType.DIAGNOSTIC };

    /// <summary>FAILED with the operation's result and, when given, a contract's own error.</summary>
    public static TransactionRecord FailedRecord(InvokeHostFunctionResult result, uint? error = null, ContractId? raisedBy = null) => Record(
        new TransactionResultResult.TxFailed([new OperationResult.OpInner(new OperationResultTr.InvokeHostFunction(result))]),
        error is { } code
            ? [new DiagnosticEvent(false, Event(raisedBy ?? Contract, [ScVal.Symbol("error"), new SCVal.Error(new SCError.Contract(code))], ScVal.Void) with { Type = ContractEventType.DIAGNOSTIC })]
            : []);

    public static TransactionRecord Record(TransactionResultResult result, IEnumerable<DiagnosticEvent> events) => new(
        TransactionHash.Parse(new string('a', 64)), TransactionStatus.FAILED, 77, 1, false, DateTimeOffset.UnixEpoch,
        new EncodedXdr<TransactionEnvelope>(""),
        new EncodedXdr<TransactionResult>(XdrCodec.ToBase64(new TransactionResult(100, result, new TransactionResultExt.V0()))),
        new EncodedXdr<TransactionMeta>(""),
        [.. events.Select(x => new EncodedXdr<DiagnosticEvent>(XdrCodec.ToBase64(x)))], [], []);

    private static ContractEvent Event(ContractId contract, SCVal[] topics, SCVal data) => new(
        new ExtensionPoint.V0(), contract.ToXdr(), ContractEventType.CONTRACT, new ContractEventBody.V0(new ContractEventV0([.. topics], data)));
}
