using Payouts.Devnet.Faults;
using Payouts.Devnet.History;
using Payouts.Devnet.Operations;
using Payouts.Devnet.Queue;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>Builds and applies one ledger: choose, take all fees, apply, give refunds back, hash.</summary>
public sealed class LedgerCloser(
    LedgerState state, TransactionQueue queue, LedgerHistory history, TransactionApplier applier, EventFactory events, FaultScript faults)
{
    /// <summary>The transactions of the ledger that was closed last.</summary>
    public IReadOnlyList<TransactionFrame> LastApplied { get; private set; } = [];

    public LedgerRecord Close(LedgerInfo info)
    {
        var changes = new LedgerTxn(state);
        var moment = new ValidityMoment(state, info, info.Sequence, 0, Applying: false);
        var surge = faults.InForce(FaultKind.FeeSurge)?.FeeStroops ?? 0;
        var classic = LedgerSelection.Choose(queue.Classic, moment, surge);
        var soroban = LedgerSelection.Choose(queue.Soroban, moment, surge);

        // All fees are taken before the first transaction is applied, so no transaction can spend another's fee.
        var charged = Charge(classic, changes, info).Concat(Charge(soroban, changes, info)).ToList();
        var applied = charged.Select(one => applier.Apply(one.Frame, changes, info, one.Fee)).ToList();
        var refunds = applied.Select(one => Refund(one, changes, info)).ToList();

        LastApplied = [.. applied.Select(one => one.Frame)];
        state.Close(changes.Final());
        var records = applied.Select((one, i) => Record(one, i + 1, info, one.Frame.IsSoroban ? soroban : classic, charged[i].Changes, refunds[i])).ToList();
        var fees = new PhaseFees(classic.BaseFee, soroban.BaseFee);
        var header = LedgerHeaders.Next(history.Latest.Header, info.CloseTime, applied.Sum(one => one.Outcome.FeeCharged), records, fees);
        var ledger = new LedgerRecord(header, records, fees);
        history.Add(ledger);
        return ledger;
    }

    private static IEnumerable<(TransactionFrame Frame, long Fee, byte[] Changes)> Charge(LedgerSelection selection, LedgerTxn changes, LedgerInfo info)
    {
        foreach (var frame in selection.Frames)
        {
            var payer = changes.Account(frame.FeeSourceId) ?? throw new InvalidOperationException("a valid transaction has a fee source");
            var fee = Math.Min(payer.Balance, frame.FeeAt(selection.BaseFee));
            yield return (frame, fee, Pay(changes, payer, -fee, info));
        }
    }

    /// <returns>The LedgerEntryChanges of it.</returns>
    private byte[] Refund(AppliedTransaction applied, LedgerTxn changes, LedgerInfo info)
    {
        if (applied.Refund <= 0 || changes.Account(applied.Frame.FeeSourceId) is not { } payer)
        {
            return LedgerXdr.NoChanges;
        }

        applied.Outcome.FeeCharged -= applied.Refund;
        applied.Meta.AddFee(events.Fee(applied.Frame.FeeSourceId, -applied.Refund, TransactionEventStage.TRANSACTION_EVENT_STAGE_AFTER_ALL_TXS));
        return Pay(changes, payer, applied.Refund, info);
    }

    private static byte[] Pay(LedgerTxn changes, AccountEntry payer, long stroops, LedgerInfo info)
    {
        var key = EntryKey.Account(payer.AccountID);
        var before = changes.Get(key)!.Entry;
        changes.PutAccount(payer with { Balance = payer.Balance + stroops }, info.Sequence);
        return XdrCodec.ToBytes(new LedgerEntryChanges([new LedgerEntryChange.State(before), new LedgerEntryChange.Updated(changes.Get(key)!.Entry)]));
    }

    private static TransactionRecord Record(
        AppliedTransaction applied, int order, LedgerInfo info, LedgerSelection selection, byte[] feeChanges, byte[] refundChanges) => new()
    {
        Hash = applied.Frame.Hash,
        InnerHash = applied.Frame.InnerHash,
        Ledger = info.Sequence,
        CloseTime = info.CloseTime,
        ApplicationOrder = order,
        IsFeeBump = applied.Frame.IsFeeBump,
        IsSoroban = applied.Frame.IsSoroban,
        Succeeded = applied.Outcome.IsSuccess,
        InclusionFeePerOperation = Math.Min(selection.BaseFee, FeeRate.Of(applied.Frame).PerOperation),
        EnvelopeXdr = applied.Frame.EnvelopeXdr,
        ResultXdr = XdrCodec.ToBytes(applied.Outcome.ToXdr()),
        MetaXdr = XdrCodec.ToBytes(applied.Meta.ToXdr()),
        FeeChangesXdr = feeChanges,
        RefundChangesXdr = refundChanges,
    };
}
