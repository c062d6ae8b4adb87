using Payouts.Devnet.Ledger;
using Payouts.Devnet.Operations;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>RestoreFootprint and ExtendFootprintTTL.</summary>
public static class FootprintOperations
{
    public static SorobanOutcome Restore(OperationContext context, long refundableLimit)
    {
        var resources = context.Frame.SorobanData!.Resources;
        var bytes = 0L;
        foreach (var key in resources.Footprint.ReadWrite.Select(EntryKey.Of))
        {
            if (context.Ledger.Get(key) is not { } entry || entry.IsLiveAt(context.Info.Sequence))
            {
                continue;
            }

            bytes += entry.SizeBytes;
            if (bytes > resources.DiskReadBytes || bytes > resources.WriteBytes)
            {
                return Restored(new RestoreFootprintResult.ResourceLimitExceeded());
            }

            context.Ledger.Put(key, entry.WithLiveUntil(context.Info.Sequence + context.Info.PersistentTtlLedgers - 1));
        }

        var rent = RentChanges.Fee(context.Ledger, context.Info.Sequence);
        return rent > refundableLimit
            ? Restored(new RestoreFootprintResult.InsufficientRefundableFee())
            : Restored(new RestoreFootprintResult.Success()) with { RentFee = rent };
    }

    public static SorobanOutcome Extend(OperationContext context, uint extendTo, long refundableLimit)
    {
        var until = context.Info.Sequence + extendTo;
        foreach (var key in context.Frame.SorobanData!.Resources.Footprint.ReadOnly.Select(EntryKey.Of))
        {
            if (context.Ledger.Get(key) is { } entry && entry.IsLiveAt(context.Info.Sequence) && entry.LiveUntil < until)
            {
                context.Ledger.Put(key, entry.WithLiveUntil(until));
            }
        }

        var rent = RentChanges.Fee(context.Ledger, context.Info.Sequence);
        return rent > refundableLimit
            ? Extended(new ExtendFootprintTTLResult.InsufficientRefundableFee())
            : Extended(new ExtendFootprintTTLResult.Success()) with { RentFee = rent };
    }

    private static SorobanOutcome Restored(RestoreFootprintResult result) => new(ResultArms.Tr(new OperationResultTr.RestoreFootprint(result)));

    private static SorobanOutcome Extended(ExtendFootprintTTLResult result) => new(ResultArms.Tr(new OperationResultTr.ExtendFootprintTtl(result)));
}
