using System.Security.Cryptography;
using Payouts.Devnet.Options;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>Ledger headers, chained by hash.</summary>
public static class LedgerHeaders
{
    /// <summary>All lumens there are: 100 billion, in stroops.</summary>
    public const long TotalCoins = 1_000_000_000_000_000_000;

    private static readonly Hash Zero = new(new XdrBytes(new byte[32]));

    public static LedgerHeaderHistoryEntry Genesis(DevnetOptions options, ulong closeTime) => Sealed(new LedgerHeader(
        (uint)options.ProtocolVersion,
        Zero,
        new StellarValue(Zero, closeTime, [], new StellarValueExt.Basic()),
        Zero,
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

    /// <param name="results">Encoded results in apply order.</param>
    public static LedgerHeaderHistoryEntry Next(
        LedgerHeaderHistoryEntry previous, ulong closeTime, long feesCollected, IEnumerable<byte[]> envelopes, IEnumerable<byte[]> results)
    {
        var resultHash = HashOf(results);
        return Sealed(previous.Header with
        {
            PreviousLedgerHash = previous.Hash,
            ScpValue = new StellarValue(HashOf(envelopes), closeTime, [], new StellarValueExt.Basic()),
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
