using Payouts.Devnet.Ledger;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <param name="NonRefundable">Charged whatever happens, stroops.</param>
/// <param name="Refundable">For events and rent; what was declared beyond use comes back after the ledger.</param>
public readonly record struct FeePair(long NonRefundable, long Refundable)
{
    public long Total => NonRefundable + Refundable;
}

/// <summary>The resource fee formulas of soroban-env-host (fees.rs), all roundings upwards.</summary>
public static class ResourceFees
{
    public static FeePair Compute(SorobanResources resources, int transactionSizeBytes, int eventsBytes, int archivedEntries = 0)
    {
        var writes = resources.Footprint.ReadWrite.Count;
        var diskReads = DiskReadEntries(resources.Footprint) + archivedEntries;
        var compute = Ceiling(resources.Instructions * NetworkLimits.FeePerInstructionIncrement, NetworkLimits.InstructionIncrement);
        var readEntries = NetworkLimits.FeePerDiskReadEntry * (diskReads + writes);
        var writeEntries = NetworkLimits.FeePerWriteEntry * writes;
        var readBytes = Per1Kb(resources.DiskReadBytes, NetworkLimits.FeePerDiskRead1Kb);
        var writeBytes = Per1Kb(resources.WriteBytes, NetworkLimits.FeePerWrite1Kb);
        var history = Per1Kb(transactionSizeBytes + NetworkLimits.TxBaseResultBytes, NetworkLimits.FeePerHistorical1Kb);
        var bandwidth = Per1Kb(transactionSizeBytes, NetworkLimits.FeePerTransactionSize1Kb);
        return new FeePair(compute + readEntries + writeEntries + readBytes + writeBytes + history + bandwidth, EventsFee(eventsBytes));
    }

    public static long EventsFee(int bytes) => Per1Kb(bytes, NetworkLimits.FeePerEvents1Kb);

    /// <summary>Rent for keeping an entry some ledgers longer, with the write of its TTL entry.</summary>
    public static long Rent(int entryBytes, long ledgers, bool persistent)
    {
        if (ledgers <= 0)
        {
            return 0;
        }

        var denominator = persistent ? NetworkLimits.PersistentRentDenominator : NetworkLimits.TemporaryRentDenominator;
        var rent = Ceiling(entryBytes * NetworkLimits.RentFee1KbWrite * ledgers, 1024 * denominator);
        return rent + NetworkLimits.FeePerWriteEntry + Per1Kb(NetworkLimits.TtlEntryBytes, NetworkLimits.FeePerWrite1Kb);
    }

    /// <summary>Since protocol 23 only classic entries (and restored ones) are read from disk; live contract entries are in memory.</summary>
    public static int DiskReadEntries(LedgerFootprint footprint) =>
        footprint.ReadOnly.Count(IsClassic) + footprint.ReadWrite.Count(IsClassic);

    public static bool IsClassic(LedgerKey key) => key is LedgerKey.Account or LedgerKey.Trustline;

    private static long Per1Kb(long bytes, long fee) => Ceiling(bytes * fee, 1024);

    private static long Ceiling(long value, long divisor) => (value + divisor - 1) / divisor;
}
