using Payouts.Devnet.Ledger;
using Payouts.Devnet.Operations;
using Payouts.Devnet.Soroban;
using Payouts.Stellar.Xdr;
using static Payouts.Stellar.Xdr.TransactionResultCode;

namespace Payouts.Devnet.Transactions;

/// <summary>Applies one transaction whose fee has been taken: consumes the sequence number, runs the operations, keeps all effects or none.</summary>
public sealed class TransactionApplier(SorobanExecutor soroban, EventFactory events)
{
    public AppliedTransaction Apply(TransactionFrame frame, LedgerTxn ledger, LedgerInfo info, long feeCharged)
    {
        var outcome = new TransactionOutcome(frame, feeCharged);
        var meta = new TransactionMetaBuilder(info.Sequence);
        meta.AddFee(events.Fee(frame.FeeSourceId, feeCharged, TransactionEventStage.TRANSACTION_EVENT_STAGE_BEFORE_ALL_TXS));
        var nonRefundable = frame.IsSoroban ? frame.SorobanVerdict.PreApplyFee.NonRefundable : 0;
        var refundable = frame.IsSoroban ? frame.ResourceFee - nonRefundable : 0;
        var used = new SorobanOutcome(new OperationResult.OpNotSupported());
        if (Begin(frame, ledger, info, outcome, meta))
        {
            var effects = new LedgerTxn(ledger);
            used = RunGuarded(frame, effects, info, outcome, meta, refundable) ?? used;
            if (outcome.IsSuccess)
            {
                effects.CommitTo(ledger);
            }
            else
            {
                meta.DropOperations();
                used = used with { EventsFee = 0, RentFee = 0 };
            }
        }

        var refund = refundable - used.EventsFee - used.RentFee;
        if (frame.IsSoroban)
        {
            meta.SetSoroban(nonRefundable, used);
        }

        return new AppliedTransaction(frame, outcome, meta, refund);
    }

    /// <summary>A transaction that breaks the model itself ends as txINTERNAL_ERROR, as it would on the network, with the cause as its diagnostic event.</summary>
    private SorobanOutcome? RunGuarded(
        TransactionFrame frame, LedgerTxn effects, LedgerInfo info, TransactionOutcome outcome, TransactionMetaBuilder meta, long refundable)
    {
        try
        {
            return Run(frame, effects, info, outcome, meta, refundable);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            outcome.FailInner(txINTERNAL_ERROR);
            var cause = CoreDiagnostics.Error(new SCError.Context(SCErrorCode.SCEC_INTERNAL_ERROR), $"internal error: {error.GetType().Name}: {error.Message}");
            return new SorobanOutcome(new OperationResult.OpNotSupported()) { Diagnostics = [cause] };
        }
    }

    /// <summary>stellar-core commonPreApply: validity as of now, sequence number, signatures of all operations.</summary>
    private static bool Begin(TransactionFrame frame, LedgerTxn ledger, LedgerInfo info, TransactionOutcome outcome, TransactionMetaBuilder meta)
    {
        var checker = new SignatureChecker(frame.Signatures);
        var moment = new ValidityMoment(ledger, info, info.Sequence, 0, Applying: true);
        var validity = TransactionValidator.CheckCommon(frame, checker, moment, outcome, chargeFee: !frame.IsFeeBump);
        var start = new LedgerTxn(ledger);
        if (validity >= Validity.InvalidUpdateSequence)
        {
            start.PutAccount(SequenceAge.Use(ledger.Account(frame.SourceId)!, frame.SequenceNumber, info.Sequence, info.CloseTime), info.Sequence);
        }

        if (validity == Validity.MaybeValid)
        {
            CheckSignatures(frame, checker, ledger, outcome);
        }

        meta.SetBefore(start);
        start.CommitTo(ledger);
        return validity == Validity.MaybeValid && outcome.IsSuccess;
    }

    private static void CheckSignatures(TransactionFrame frame, SignatureChecker checker, LedgerTxn ledger, TransactionOutcome outcome)
    {
        for (var i = 0; i < frame.Tx.Operations.Count; i++)
        {
            if (OperationValidity.CheckSignature(frame, frame.Tx.Operations[i], checker, ledger) is { } refusal)
            {
                outcome.Operations[i] = refusal;
                outcome.FailInner(txFAILED);
            }
        }

        if (outcome.IsSuccess && !checker.AllUsed)
        {
            outcome.FailInner(txBAD_AUTH_EXTRA);
        }
    }

    private SorobanOutcome? Run(
        TransactionFrame frame, LedgerTxn effects, LedgerInfo info, TransactionOutcome outcome, TransactionMetaBuilder meta, long refundable)
    {
        SorobanOutcome? sorobanOutcome = null;
        for (var i = 0; i < frame.Tx.Operations.Count; i++)
        {
            var operation = frame.Tx.Operations[i];
            var step = new LedgerTxn(effects);
            var context = new OperationContext(frame, operation, step, info, events);
            var moment = new ValidityMoment(effects, info, info.Sequence, 0, Applying: true);
            var result = OperationValidity.Check(frame, operation, new SignatureChecker(frame.Signatures), moment);
            if (result is null && frame.IsSoroban)
            {
                sorobanOutcome = soroban.Apply(context, refundable);
                result = sorobanOutcome.Result;
                context.Events.AddRange(sorobanOutcome.Events);
            }

            result ??= OperationApplier.Apply(context);
            outcome.Operations[i] = result;
            if (OperationApplier.Succeeded(result))
            {
                meta.AddOperation(step, context.Events);
                step.CommitTo(effects);
            }
            else
            {
                outcome.FailInner(txFAILED);
            }
        }

        return sorobanOutcome;
    }
}

/// <param name="Refund">Stroops that go back to the fee source after all transactions of the ledger.</param>
public sealed record AppliedTransaction(TransactionFrame Frame, TransactionOutcome Outcome, TransactionMetaBuilder Meta, long Refund);
