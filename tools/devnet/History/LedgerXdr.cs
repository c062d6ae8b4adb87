using System.Buffers;
using System.Buffers.Binary;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.History;

/// <summary>
/// The XDR that binds a ledger together, written around transactions that are kept encoded: its transaction set, its result set (both
/// hashed in the header) and its LedgerCloseMeta. A ledger of 2,000 transactions is many megabytes: nothing is decoded for it.
/// </summary>
public static class LedgerXdr
{
    /// <summary>LedgerEntryChanges without any.</summary>
    public static readonly byte[] NoChanges = XdrCodec.ToBytes(new LedgerEntryChanges([]));

    private const int CloseMetaVersion = 2;
    private const int SetVersion = 1;
    private const int ClassicPhase = 0;
    private const int ParallelPhase = 1;

    /// <summary>GeneralizedTransactionSet: a classic phase and a Soroban phase, each with the base fee that everybody in it pays.</summary>
    public static byte[] TransactionSet(Hash previousLedger, IReadOnlyList<TransactionRecord> transactions, PhaseFees fees)
    {
        var xdr = new ArrayBufferWriter<byte>();
        xdr.Int32(SetVersion);
        xdr.Write(previousLedger.Value.Span);
        xdr.Int32(2);
        xdr.Int32(ClassicPhase);
        Classic(xdr, [.. transactions.Where(one => !one.IsSoroban)], fees.Classic);
        xdr.Int32(ParallelPhase);
        Soroban(xdr, [.. transactions.Where(one => one.IsSoroban)], fees.Soroban);
        return xdr.WrittenSpan.ToArray();
    }

    /// <summary>TransactionResultSet, in apply order.</summary>
    public static byte[] ResultSet(IReadOnlyList<TransactionRecord> transactions)
    {
        var xdr = new ArrayBufferWriter<byte>();
        xdr.Int32(transactions.Count);
        foreach (var transaction in transactions)
        {
            ResultPair(xdr, transaction);
        }

        return xdr.WrittenSpan.ToArray();
    }

    /// <summary>LedgerCloseMeta version 2, as getLedgers serves it.</summary>
    public static byte[] CloseMeta(LedgerRecord ledger)
    {
        var xdr = new ArrayBufferWriter<byte>((int)Math.Min(ledger.SizeBytes * 2, int.MaxValue));
        xdr.Int32(CloseMetaVersion);
        xdr.Int32(0);
        xdr.Write(XdrCodec.ToBytes(ledger.Header));
        xdr.Write(TransactionSet(ledger.Header.Header.PreviousLedgerHash, ledger.Transactions, ledger.Fees));
        xdr.Int32(ledger.Transactions.Count);
        foreach (var transaction in ledger.Transactions)
        {
            xdr.Int32(0);
            ResultPair(xdr, transaction);
            xdr.Write(transaction.FeeChangesXdr);
            xdr.Write(transaction.MetaXdr);
            xdr.Write(transaction.RefundChangesXdr);
        }

        // No upgrades, no consensus messages, no metered size of the state, nothing evicted.
        xdr.Write(stackalloc byte[4 + 4 + 8 + 4]);
        return xdr.WrittenSpan.ToArray();
    }

    private static void Classic(ArrayBufferWriter<byte> xdr, List<TransactionRecord> transactions, long baseFee)
    {
        xdr.Int32(transactions.Count > 0 ? 1 : 0);
        if (transactions.Count > 0)
        {
            xdr.Int32((int)TxSetComponentType.TXSET_COMP_TXS_MAYBE_DISCOUNTED_FEE);
            xdr.Fee(baseFee);
            Envelopes(xdr, transactions);
        }
    }

    /// <summary>One stage of one cluster: everything is applied one after the other.</summary>
    private static void Soroban(ArrayBufferWriter<byte> xdr, List<TransactionRecord> transactions, long baseFee)
    {
        xdr.Fee(baseFee);
        xdr.Int32(transactions.Count > 0 ? 1 : 0);
        if (transactions.Count > 0)
        {
            xdr.Int32(1);
            Envelopes(xdr, transactions);
        }
    }

    private static void Envelopes(ArrayBufferWriter<byte> xdr, List<TransactionRecord> transactions)
    {
        xdr.Int32(transactions.Count);
        transactions.ForEach(transaction => xdr.Write(transaction.EnvelopeXdr));
    }

    private static void ResultPair(ArrayBufferWriter<byte> xdr, TransactionRecord transaction)
    {
        xdr.Write(transaction.Hash.Bytes);
        xdr.Write(transaction.ResultXdr);
    }

    private static void Fee(this ArrayBufferWriter<byte> xdr, long baseFee)
    {
        xdr.Int32(1);
        BinaryPrimitives.WriteInt64BigEndian(xdr.GetSpan(8), baseFee);
        xdr.Advance(8);
    }

    private static void Int32(this ArrayBufferWriter<byte> xdr, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(xdr.GetSpan(4), value);
        xdr.Advance(4);
    }
}

/// <summary>Inclusion fee per operation that the transactions of each kind pay at most, stroops.</summary>
public readonly record struct PhaseFees(long Classic, long Soroban);
