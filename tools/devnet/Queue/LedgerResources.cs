using Payouts.Devnet.Ledger;
using Payouts.Devnet.Options;
using Payouts.Devnet.Transactions;

namespace Payouts.Devnet.Queue;

/// <summary>What transactions take of a ledger, by what they declare (stellar-core Resource). Classic ones take operations only.</summary>
/// <param name="Operations">A fee bump counts as one more; every Soroban transaction has one.</param>
/// <param name="TransactionBytes">Of the envelope without its fee bump.</param>
public readonly record struct LedgerResources(long Operations, long Instructions, long TransactionBytes, long WriteEntries, long WriteBytes)
{
    public static LedgerResources Of(TransactionFrame frame) => frame.SorobanData is { Resources: var declared } && frame.IsSoroban
        ? new LedgerResources(frame.FeeOperations, declared.Instructions, frame.InnerSizeBytes, declared.Footprint.ReadWrite.Count, declared.WriteBytes)
        : new LedgerResources(frame.FeeOperations, 0, 0, 0, 0);

    /// <summary>Limits of classic operations in one ledger.</summary>
    public static LedgerResources ClassicLimits(DevnetOptions options) => new(options.CapacityClassic, 0, 0, 0, 0);

    /// <summary>Limits of Soroban transactions in one ledger: mainnet's, times the scale that the options ask for.</summary>
    public static LedgerResources SorobanLimits(DevnetOptions options) => new LedgerResources(
        0, NetworkLimits.LedgerInstructionsMax, NetworkLimits.LedgerTransactionBytesMax, NetworkLimits.LedgerWriteEntriesMax, NetworkLimits.LedgerWriteBytesMax)
        .Times(options.LedgerScale) with { Operations = options.CapacitySoroban };

    public LedgerResources Times(long factor) =>
        new(Operations * factor, Instructions * factor, TransactionBytes * factor, WriteEntries * factor, WriteBytes * factor);

    public bool FitsIn(LedgerResources room) => Operations <= room.Operations && Instructions <= room.Instructions
        && TransactionBytes <= room.TransactionBytes && WriteEntries <= room.WriteEntries && WriteBytes <= room.WriteBytes;

    public static LedgerResources operator +(LedgerResources left, LedgerResources right) => new(
        left.Operations + right.Operations,
        left.Instructions + right.Instructions,
        left.TransactionBytes + right.TransactionBytes,
        left.WriteEntries + right.WriteEntries,
        left.WriteBytes + right.WriteBytes);

    public static LedgerResources operator -(LedgerResources left, LedgerResources right) => left + right.Times(-1);
}
