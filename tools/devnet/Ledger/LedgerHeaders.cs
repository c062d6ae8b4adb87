using System.Security.Cryptography;
using Payouts.Devnet.History;
using Payouts.Devnet.Options;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>Ledger headers, chained by hash.</summary>
public static class LedgerHeaders
{
    /// <summary>All lumens there are: 100 billion, in stroops.</summary>
    public const long TotalCoins = 1_000_000_000_000_000_000;

    private static readonly Hash Zero = new(new XdrBytes(new byte[32]));

    public static LedgerHeaderHistoryEntry Genesis(DevnetOptions options, ulong closeTime, PhaseFees fees) => Sealed(new LedgerHeader(
        (uint)options.ProtocolVersion,
        Zero,
        new StellarValue(HashOf([LedgerXdr.TransactionSet(Zero, [], fees)]), closeTime, [], new StellarValueExt.Basic()),
        HashOf([LedgerXdr.ResultSet([])]),
        Zero,
        1,
        TotalCoins,
        0,
        0,
        0,
        (uint)options.BaseFeeStroops,
        (uint)options.BaseReserveStroops,
        (uint)options.CapacityClassic,
        [Zero, Zero, Zero, Zero],
        new LedgerHeaderExt.V0()));

    /// <param name="transactions">In apply order.</param>
    public static LedgerHeaderHistoryEntry Next(
        LedgerHeaderHistoryEntry previous, ulong closeTime, long feesCollected, IReadOnlyList<TransactionRecord> transactions, PhaseFees fees)
    {
        var resultHash = HashOf([LedgerXdr.ResultSet(transactions)]);
        return Sealed(previous.Header with
        {
            PreviousLedgerHash = previous.Hash,
            ScpValue = new StellarValue(HashOf([LedgerXdr.TransactionSet(previous.Hash, transactions, fees)]), closeTime, [], new StellarValueExt.Basic()),
            TxSetResultHash = resultHash,
            BucketListHash = HashOf([previous.Header.BucketListHash.Value.ToArray(), resultHash.Value.ToArray()]),
            LedgerSeq = previous.Header.LedgerSeq + 1,
            FeePool = previous.Header.FeePool + feesCollected,
        });
    }

    private static Hash HashOf(IEnumerable<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(part);
        }

        return new Hash(new XdrBytes(hash.GetHashAndReset()));
    }

    private static LedgerHeaderHistoryEntry Sealed(LedgerHeader header) =>
        new(new Hash(new XdrBytes(SHA256.HashData(XdrCodec.ToBytes(header)))), header, new LedgerHeaderHistoryEntryExt.V0());
}
