using System.Diagnostics.CodeAnalysis;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar.Rpc;

/// <summary>How an applied transaction ended. Both consume the sequence number and the fee.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "The server's own words.")]
public enum TransactionStatus
{
    SUCCESS,
    FAILED,
}

/// <summary>A transaction that a ledger applied.</summary>
/// <param name="Hash">The hash it is recorded under: for a fee bump the outer one.</param>
/// <param name="ApplicationOrder">Its place in the ledger, from 1.</param>
/// <param name="CreatedAt">The ledger's close time.</param>
/// <param name="ContractEvents">One list for each operation.</param>
public sealed record TransactionRecord(
    TransactionHash Hash,
    TransactionStatus Status,
    uint Ledger,
    int ApplicationOrder,
    bool IsFeeBump,
    DateTimeOffset CreatedAt,
    EncodedXdr<TransactionEnvelope> Envelope,
    EncodedXdr<TransactionResult> Result,
    EncodedXdr<TransactionMeta> Meta,
    IReadOnlyList<EncodedXdr<DiagnosticEvent>> DiagnosticEvents,
    IReadOnlyList<EncodedXdr<TransactionEvent>> TransactionEvents,
    IReadOnlyList<IReadOnlyList<EncodedXdr<ContractEvent>>> ContractEvents);

/// <summary>getTransaction.</summary>
public abstract record TransactionLookup
{
    private TransactionLookup(LedgerWindow window) => Window = window;

    /// <summary>The ledgers that the server held when it answered.</summary>
    public LedgerWindow Window { get; init; }

    /// <summary>
    /// NOT_FOUND. Not a proof that it was never applied: the server looks the hash up before it reads its ledger range, and forgets old ledgers.
    /// </summary>
    public sealed record NotFound(LedgerWindow Window) : TransactionLookup(Window);

    public sealed record Found(TransactionRecord Transaction, LedgerWindow Window) : TransactionLookup(Window);
}

/// <summary>Where a scan of transactions or events begins: at a ledger, or after a cursor that an earlier page gave.</summary>
public abstract record ScanStart
{
    private ScanStart()
    {
    }

    public sealed record AtLedger(uint Ledger) : ScanStart;

    public sealed record AfterCursor(string Cursor) : ScanStart;
}

/// <summary>getTransactions: one page in ledger order.</summary>
/// <param name="Cursor">Where the next page begins.</param>
public sealed record TransactionsPage(IReadOnlyList<TransactionRecord> Transactions, string Cursor, LedgerWindow Window);
