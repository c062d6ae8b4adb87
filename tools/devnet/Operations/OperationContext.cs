using Payouts.Devnet.Ledger;
using Payouts.Devnet.Transactions;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Operations;

/// <summary>What one operation works with: its own overlay on the ledger and its own list of events.</summary>
public sealed class OperationContext(TransactionFrame frame, Operation operation, LedgerTxn ledger, LedgerInfo info, EventFactory events)
{
    public TransactionFrame Frame => frame;

    public Operation Operation => operation;

    public LedgerTxn Ledger => ledger;

    public LedgerInfo Info => info;

    public AccountID Source { get; } = frame.SourceOf(operation);

    /// <summary>Events of the token contracts that classic operations speak for (CAP-67).</summary>
    public List<ContractEvent> Events { get; } = [];

    public EventFactory EventFactory => events;

    public AccountEntry SourceAccount => ledger.Account(Source) ?? throw new InvalidOperationException("the operation's source was checked to exist");

    public void Save(AccountEntry account) => ledger.PutAccount(account, info.Sequence);

    public void Save(TrustLineEntry line) => ledger.PutTrustLine(line, info.Sequence);
}
