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
        foreach (var one in applied)
        {
            Refund(one, changes, info);
        }

        LastApplied = [.. applied.Select(one => one.Frame)];
        state.Close(changes.Final());
        var records = applied.Select((one, i) => Record(one, i + 1, info, one.Frame.IsSoroban ? soroban : classic)).ToList();
        var header = LedgerHeaders.Next(
            history.Latest.Header, info.CloseTime, applied.Sum(one => one.Outcome.FeeCharged), records.Select(one => one.EnvelopeXdr), records.Select(one => one.ResultXdr));
        var ledger = new LedgerRecord(header, records);
        history.Add(ledger);
        return ledger;
    }

    private static IEnumerable<(TransactionFrame Frame, long Fee)> Charge(LedgerSelection selection, LedgerTxn changes, LedgerInfo info)
    {
        foreach (var frame in selection.Frames)
        {
            var payer = changes.Account(frame.FeeSourceId) ?? throw new InvalidOperationException("a valid transaction has a fee source");
            var fee = Math.Min(payer.Balance, frame.FeeAt(selection.BaseFee));
            changes.PutAccount(payer with { Balance = payer.Balance - fee }, info.Sequence);
            yield return (frame, fee);
        }
    }

    private void Refund(AppliedTransaction applied, LedgerTxn changes, LedgerInfo info)
    {
        if (applied.Refund <= 0 || changes.Account(applied.Frame.FeeSourceId) is not { } payer)
        {
            return;
        }

        changes.PutAccount(payer with { Balance = payer.Balance + applied.Refund }, info.Sequence);
        applied.Outcome.FeeCharged -= applied.Refund;
        applied.Meta.AddFee(events.Fee(applied.Frame.FeeSourceId, -applied.Refund, TransactionEventStage.TRANSACTION_EVENT_STAGE_AFTER_ALL_TXS));
    }

    private static TransactionRecord Record(AppliedTransaction applied, int order, LedgerInfo info, LedgerSelection selection) => new()
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
    };
}
