using Payouts.Contracts;
using Payouts.Stellar;
using Payouts.Stellar.Rpc;
using Payouts.Stellar.Xdr;
using PayoutShare = Payouts.Contracts.PayoutShare;

namespace Payouts.Submitter.Confirming;

/// <summary>What the ledger says about one envelope.</summary>
public abstract record LedgerVerdict
{
    private LedgerVerdict()
    {
    }

    /// <summary>SUCCESS with the contract's event and the token transfer as ordered.</summary>
    public sealed record Paid(uint Ledger) : LedgerVerdict;

    /// <summary>SUCCESS, but the events are not those of this payout: a record without a transfer, another amount.</summary>
    public sealed record NotAsOrdered(uint Ledger, string Detail) : LedgerVerdict;

    /// <summary>A burn was applied: the slot is consumed, whatever the transaction's result.</summary>
    public sealed record Burned(uint Ledger) : LedgerVerdict;

    /// <summary>FAILED with a code that applied transactions do not end with, or that this version cannot read: whether it took the slot is not said.</summary>
    public sealed record Unclear(uint Ledger, string Detail) : LedgerVerdict;

    /// <summary>FAILED: the sequence number is consumed and nobody was paid.</summary>
    public sealed record Failed(uint Ledger, FailureCode Code, bool Transient, string Detail) : LedgerVerdict;
}

/// <summary>Judges by the ledger's own evidence. Pure.</summary>
public static class LedgerJudge
{
    /// <summary>Judges the submission's own transaction, applied.</summary>
    public static LedgerVerdict Judge(TransactionRecord transaction, Submission submission, SubmitterOptions options) =>
        submission.Kind == SubmissionKind.Burn ? new LedgerVerdict.Burned(transaction.Ledger) : JudgePayment(transaction, submission, options);

    /// <summary>Judges an applied payment by its result and events.</summary>
    public static LedgerVerdict JudgePayment(TransactionRecord transaction, Submission submission, SubmitterOptions options) =>
        JudgePayment(transaction, Owed(submission), submission.Currency, options);

    /// <inheritdoc cref="JudgePayment(TransactionRecord, Submission, SubmitterOptions)"/>
    public static LedgerVerdict JudgePayment(TransactionRecord transaction, IReadOnlyList<PayoutShare> owed, string currency, SubmitterOptions options)
    {
        if (transaction.Status == TransactionStatus.FAILED)
            return Failed(transaction, options.Contract);
        var events = new List<ContractEvent>();
        foreach (var encoded in transaction.ContractEvents.SelectMany(x => x))
        {
            if (!encoded.TryDecode(out var contractEvent))
                return new LedgerVerdict.NotAsOrdered(transaction.Ledger, "an event of the transaction cannot be read by this version");
            events.Add(contractEvent);
        }

        return JudgeEvents(events, transaction.Ledger, owed, currency, options);
    }

    /// <summary>Judges a transaction that is known to have succeeded by its contract events.</summary>
    public static LedgerVerdict JudgeEvents(IReadOnlyList<ContractEvent> events, uint ledger, Submission submission, SubmitterOptions options) =>
        JudgeEvents(events, ledger, Owed(submission), submission.Currency, options);

    private static IReadOnlyList<PayoutShare> Owed(Submission submission) =>
        [new PayoutShare { Winner = submission.Winner, Amount = submission.Amount }, .. submission.Others ?? []];

    private static LedgerVerdict JudgeEvents(
        IReadOnlyList<ContractEvent> events, uint ledger, IReadOnlyList<PayoutShare> owed, string owedIn, SubmitterOptions options)
    {
        var currency = Currency.Parse(owedIn);
        var announced = events.Select(PayoutEvents.TryReadPayout).OfType<PayoutEvent>()
            .Where(x => x.Contract == options.Contract && x.Currency == currency).Select(x => (x.Winner, x.Amount)).ToHashSet();
        if (owed.FirstOrDefault(share => !announced.Contains(Said(share))) is { } silent)
            return new LedgerVerdict.NotAsOrdered(ledger, $"the transaction succeeded without a PAYOUT event of {silent.Amount} {owedIn} to {silent.Winner}");
        if (!options.Tokens.TryGetValue(owedIn, out var token))
            return new LedgerVerdict.NotAsOrdered(ledger, $"no token contract is configured for {owedIn} (PAYOUT_TOKEN_CONTRACTS), so the transfer cannot be verified");
        var moved = events.Select(PayoutEvents.TryReadTransfer).OfType<TransferEvent>()
            .Where(x => x.Token == token && x.From == options.Treasury).Select(x => (x.To, x.Amount)).ToHashSet();
        return owed.FirstOrDefault(share => !moved.Contains(Said(share))) is { } unpaid
            ? new LedgerVerdict.NotAsOrdered(ledger, $"the contract recorded the payout, but token {token} shows no transfer of {unpaid.Amount} to {unpaid.Winner}")
            : new LedgerVerdict.Paid(ledger);

        static (Address, Int128) Said(PayoutShare share) => (Address.Parse(share.Winner), share.Amount.Value);
    }

    private static LedgerVerdict Failed(TransactionRecord transaction, ContractId contract)
    {
        if (!transaction.Result.TryDecode(out var whole))
            return new LedgerVerdict.Unclear(transaction.Ledger, "FAILED with a result that this version cannot read");
        if (whole.Result.Discriminant is not (TransactionResultCode.txFAILED or TransactionResultCode.txFEE_BUMP_INNER_FAILED))
            return new LedgerVerdict.Unclear(transaction.Ledger, $"FAILED with {whole.Result.Discriminant}");
        var raised = ContractErrors.FindRaised(transaction.DiagnosticEvents);
        var result = InvokeResult(whole);
        // A token that the contract calls has error numbers of its own, and they overlap.
        if (raised is { Contract: { } raiser } && raiser != contract)
            return Lasting(FailureCode.ContractRefused, $"error #{raised.Code} of {raiser}, which the contract calls");
        return (result, raised?.Code) switch
        {
            (_, PayoutContractError.AlreadyPaid) => Lasting(FailureCode.AlreadyPaid, "the contract says that this debt was paid before; compare its get_payout with the order"),
            (_, PayoutContractError.Paused) => Lasting(FailureCode.ContractPaused, "the contract is paused"),
            (_, { } number) => Lasting(FailureCode.ContractRefused, $"contract error #{number}"),
            (InvokeHostFunctionResultCode.INVOKE_HOST_FUNCTION_RESOURCE_LIMIT_EXCEEDED
                or InvokeHostFunctionResultCode.INVOKE_HOST_FUNCTION_ENTRY_ARCHIVED
                or InvokeHostFunctionResultCode.INVOKE_HOST_FUNCTION_INSUFFICIENT_REFUNDABLE_FEE, _) =>
                // The state moved between simulation and application: a new simulation finds what is needed now.
                new LedgerVerdict.Failed(transaction.Ledger, FailureCode.FailedOnLedger, Transient: true, result.ToString()!),
            (InvokeHostFunctionResultCode.INVOKE_HOST_FUNCTION_TRAPPED or InvokeHostFunctionResultCode.INVOKE_HOST_FUNCTION_MALFORMED, _) =>
                Lasting(FailureCode.FailedOnLedger, result.ToString()!),
            // FAILED, and the operation says SUCCESS or nothing that is known: it contradicts itself.
            _ => new LedgerVerdict.Unclear(transaction.Ledger, $"FAILED, and the call's own result is {result?.ToString() ?? "none that this version knows"}"),
        };

        LedgerVerdict.Failed Lasting(FailureCode code, string detail) => new(transaction.Ledger, code, Transient: false, detail);
    }

    private static InvokeHostFunctionResultCode? InvokeResult(TransactionResult result)
    {
        var operations = result.Result switch
        {
            TransactionResultResult.TxFailed failed => failed.Value,
            TransactionResultResult.TxFeeBumpInnerFailed { Value.Result.Result: InnerTransactionResultResult.TxFailed inner } => inner.Value,
            _ => null,
        };
        return operations is [OperationResult.OpInner { Value: OperationResultTr.InvokeHostFunction invoke }] ? invoke.Value.Discriminant : null;
    }
}
