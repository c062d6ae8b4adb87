using Payouts.Devnet.Ledger;
using Payouts.Devnet.Soroban;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Transactions;

/// <summary>Collects TransactionMeta version 4 while a transaction is applied.</summary>
public sealed class TransactionMetaBuilder(uint ledger)
{
    private readonly List<OperationMetaV2> operations = [];
    private readonly List<TransactionEvent> events = [];
    private IReadOnlyList<DiagnosticEvent> diagnostics = [];
    private XdrArray<LedgerEntryChange> changesBefore = [];
    private SorobanTransactionMetaV2? soroban;

    public IReadOnlyList<TransactionEvent> TransactionEvents => events;

    public IReadOnlyList<DiagnosticEvent> Diagnostics => diagnostics;

    /// <summary>Contract events, one list for each operation.</summary>
    public IEnumerable<XdrArray<ContractEvent>> ContractEvents => operations.Select(operation => operation.Events);

    public void AddFee(TransactionEvent fee) => events.Add(fee);

    public void SetBefore(LedgerTxn changes) => changesBefore = Changes(changes);

    public void AddOperation(LedgerTxn changes, IReadOnlyList<ContractEvent> contractEvents) =>
        operations.Add(new OperationMetaV2(new ExtensionPoint.V0(), new LedgerEntryChanges(Changes(changes)), contractEvents.ToXdrArray()));

    /// <summary>A failed transaction shows no effects.</summary>
    public void DropOperations() => operations.Clear();

    public void SetSoroban(long nonRefundable, SorobanOutcome used)
    {
        diagnostics = used.Diagnostics;
        soroban = new SorobanTransactionMetaV2(
            new SorobanTransactionMetaExt.V1(new SorobanTransactionMetaExtV1(new ExtensionPoint.V0(), nonRefundable, used.EventsFee + used.RentFee, used.RentFee)),
            used.ReturnValue);
    }

    public TransactionMeta ToXdr() => new TransactionMeta.V4(new TransactionMetaV4(
        new ExtensionPoint.V0(),
        new LedgerEntryChanges(changesBefore),
        operations.ToXdrArray(),
        new LedgerEntryChanges([]),
        soroban,
        events.ToXdrArray(),
        diagnostics.ToXdrArray()));

    private XdrArray<LedgerEntryChange> Changes(LedgerTxn txn)
    {
        var changes = new List<LedgerEntryChange>();
        foreach (var (key, before, now) in txn.Changes())
        {
            var expired = before is not null && !before.IsLiveAt(ledger);

            // An expired temporary entry no longer exists; an expired persistent one is archived and can come back.
            var was = expired && SorobanEntries.IsTemporary(key.Decode()) ? null : before;
            if (was is not null && now is not null && expired)
            {
                changes.Add(new LedgerEntryChange.Restored(now.Entry));
                changes.Add(new LedgerEntryChange.Restored(SorobanEntries.TtlEntry(key, now.LiveUntil!.Value, ledger)));
                continue;
            }

            AddEntry(changes, key, was, now);
            AddTtl(changes, key, was, now);
        }

        return changes.ToXdrArray();
    }

    private static void AddEntry(List<LedgerEntryChange> changes, EntryKey key, StoredEntry? was, StoredEntry? now)
    {
        if (was is null && now is not null)
        {
            changes.Add(new LedgerEntryChange.Created(now.Entry));
        }
        else if (was is not null && now is not null && !ReferenceEquals(was.Entry, now.Entry))
        {
            changes.Add(new LedgerEntryChange.State(was.Entry));
            changes.Add(new LedgerEntryChange.Updated(now.Entry));
        }
        else if (was is not null && now is null)
        {
            changes.Add(new LedgerEntryChange.State(was.Entry));
            changes.Add(new LedgerEntryChange.Removed(key.Decode()));
        }
    }

    private void AddTtl(List<LedgerEntryChange> changes, EntryKey key, StoredEntry? was, StoredEntry? now)
    {
        if (now is not { LiveUntil: { } until } || was?.LiveUntil == until)
        {
            return;
        }

        if (was is { LiveUntil: { } old })
        {
            changes.Add(new LedgerEntryChange.State(SorobanEntries.TtlEntry(key, old, was.Entry.LastModifiedLedgerSeq)));
            changes.Add(new LedgerEntryChange.Updated(SorobanEntries.TtlEntry(key, until, ledger)));
        }
        else
        {
            changes.Add(new LedgerEntryChange.Created(SorobanEntries.TtlEntry(key, until, ledger)));
        }
    }
}
