using System.Globalization;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.History;

/// <summary>One event with its place in history.</summary>
/// <param name="Toid">Ledger, transaction and operation in one number (SEP-35).</param>
public sealed record LedgerEvent(long Toid, uint Index, TransactionRecord Transaction, ContractEvent Event)
{
    private const int TransactionMask = (1 << 20) - 1;
    private const int OperationMask = (1 << 12) - 1;

    public int TransactionIndex => (int)(Toid >> 12) & TransactionMask;

    public int OperationIndex => (int)Toid & OperationMask;

    /// <summary>The id that getEvents gives and takes as a cursor.</summary>
    public string Id => Format(Toid, Index);

    public static long ToidOf(uint ledger, int transaction, int operation) => ((long)ledger << 32) | ((long)transaction << 12) | (uint)operation;

    /// <summary>Behind everything that a ledger can hold.</summary>
    public static string EndOf(uint ledger) => Format(ToidOf(ledger, TransactionMask, OperationMask), uint.MaxValue);

    private static string Format(long toid, uint index) =>
        string.Create(CultureInfo.InvariantCulture, $"{toid:D19}-{index:D10}");

    /// <summary>Fee events before all transactions, then each transaction's own, then refunds after all.</summary>
    public static IReadOnlyList<LedgerEvent> Of(LedgerRecord ledger)
    {
        var before = new List<LedgerEvent>();
        var within = new List<LedgerEvent>();
        var after = new List<LedgerEvent>();
        foreach (var transaction in ledger.Transactions)
        {
            var meta = transaction.Meta();
            foreach (var fee in meta.Events)
            {
                var list = fee.Stage == TransactionEventStage.TRANSACTION_EVENT_STAGE_BEFORE_ALL_TXS ? before : after;
                var toid = ReferenceEquals(list, before) ? ToidOf(ledger.Sequence, 0, 0) : ToidOf(ledger.Sequence, TransactionMask, 0);
                list.Add(new LedgerEvent(toid, (uint)list.Count, transaction, fee.Event));
            }

            for (var operation = 0; operation < meta.Operations.Count; operation++)
            {
                var toid = ToidOf(ledger.Sequence, transaction.ApplicationOrder, operation);
                within.AddRange(meta.Operations[operation].Events.Select((one, i) => new LedgerEvent(toid, (uint)i, transaction, one)));
            }
        }

        return [.. before, .. within, .. after];
    }
}
