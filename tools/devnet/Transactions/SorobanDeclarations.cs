using Payouts.Devnet.Ledger;
using Payouts.Devnet.Soroban;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Transactions;

/// <param name="ResourceProblem">Why the declared resources are refused; null when they are not.</param>
/// <param name="FeeProblem">Why the declared fee or footprint is refused when the transaction pays for itself.</param>
/// <param name="BumpedFeeProblem">The same when a fee bump pays.</param>
/// <param name="PreApplyFee">What the declaration costs before any event or rent.</param>
public sealed record SorobanVerdict(string? ResourceProblem, string? FeeProblem, string? BumpedFeeProblem, FeePair PreApplyFee);

/// <summary>What a Soroban transaction declares about itself: limits, footprint and fee. Each check returns why it fails, or null.</summary>
public static class SorobanDeclarations
{
    public static SorobanVerdict Judge(TransactionFrame frame)
    {
        if (frame.SorobanData is null)
        {
            return new SorobanVerdict(ResourceProblem(frame), null, null, default);
        }

        var fee = PreApplyFee(frame);
        return new SorobanVerdict(ResourceProblem(frame), FeeProblem(frame, fee, chargeFee: true), FeeProblem(frame, fee, chargeFee: false), fee);
    }

    /// <summary>stellar-core checkSorobanResources: declared resources within the network's limits.</summary>
    private static string? ResourceProblem(TransactionFrame frame)
    {
        if (frame.SorobanData is not { } data)
        {
            return "transaction carries no Soroban data";
        }

        var resources = data.Resources;
        var footprint = resources.Footprint;
        return resources switch
        {
            { Instructions: > NetworkLimits.TxInstructionsMax } => "transaction instructions resources exceed network config limit",
            { DiskReadBytes: > NetworkLimits.TxDiskReadBytesMax } => "transaction byte-read resources exceed network config limit",
            { WriteBytes: > NetworkLimits.TxWriteBytesMax } => "transaction byte-write resources exceed network config limit",
            _ when footprint.ReadOnly.Count + footprint.ReadWrite.Count > NetworkLimits.TxFootprintEntriesMax =>
                "the number of entries in transaction footprint exceeds the network config limit",
            _ when ResourceFees.DiskReadEntries(footprint) + ArchivedCount(data) > NetworkLimits.TxDiskReadEntriesMax =>
                "transaction entry-disk-read resources exceed network config limit",
            _ when footprint.ReadWrite.Count > NetworkLimits.TxWriteEntriesMax => "transaction entry-write resources exceed network config limit",
            _ when frame.Footprint.All.Select(KeyProblem).FirstOrDefault(problem => problem is not null) is { } problem => problem,
            _ when frame.InnerSizeBytes > NetworkLimits.TxSizeBytesMax => "total transaction size exceeds network config limit",
            _ => ArchivedProblem(data),
        };
    }

    /// <summary>The declared resource fee against the formula, and the footprint's keys against each other.</summary>
    private static string? FeeProblem(TransactionFrame frame, FeePair fee, bool chargeFee)
    {
        var data = frame.SorobanData!;
        if (chargeFee && data.ResourceFee > frame.FullFee)
        {
            return "transaction `sorobanData.resourceFee` is higher than the full transaction fee";
        }

        if (data.ResourceFee < fee.Total)
        {
            return "transaction `sorobanData.resourceFee` is lower than the actual Soroban resource fee";
        }

        var seen = new HashSet<EntryKey>();
        return frame.Footprint.All.All(key => seen.Add(key.Key))
            ? null
            : "Found duplicate key in the Soroban footprint; every key across read-only and read-write footprints has to be unique.";
    }

    /// <summary>The fee that the declaration itself costs, before any event or rent.</summary>
    private static FeePair PreApplyFee(TransactionFrame frame)
    {
        var data = frame.SorobanData!;
        return ResourceFees.Compute(data.Resources, frame.InnerSizeBytes, 0, ArchivedCount(data));
    }

    public static int ArchivedCount(SorobanTransactionData data) => data.Ext is SorobanTransactionDataExt.V1 v1 ? v1.Value.ArchivedSorobanEntries.Count : 0;

    private static string? KeyProblem((EntryKey Key, LedgerKey Xdr) key) => key.Xdr switch
    {
        LedgerKey.Trustline line when line.Value.Asset is TrustLineAsset.Native or TrustLineAsset.PoolShare || line.Value.AccountID == line.Value.Asset.Issuer() =>
            "transaction footprint contains invalid trustline asset",
        LedgerKey.Account or LedgerKey.Trustline or LedgerKey.ContractData or LedgerKey.ContractCode =>
            key.Key.SizeBytes > NetworkLimits.KeySizeBytesMax ? "transaction footprint key exceeds network config limit" : null,
        _ => "transaction footprint contains unsupported ledger key type",
    };

    private static string? ArchivedProblem(SorobanTransactionData data)
    {
        if (data.Ext is not SorobanTransactionDataExt.V1 v1)
        {
            return null;
        }

        var readWrite = data.Resources.Footprint.ReadWrite;
        var last = -1L;
        foreach (var index in v1.Value.ArchivedSorobanEntries)
        {
            if (index <= last)
            {
                return "archivedSorobanEntries must be sorted in ascending order";
            }

            if (index >= readWrite.Count)
            {
                return "archivedSorobanEntries index is out of bounds";
            }

            if (!SorobanEntries.IsPersistent(readWrite[(int)index]))
            {
                return "archivedSorobanEntries index points to a non-persistent entry";
            }

            last = index;
        }

        return null;
    }
}
