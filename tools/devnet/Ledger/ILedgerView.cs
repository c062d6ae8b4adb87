using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>Reads ledger entries: the state itself, an overlay on it, or an earlier ledger.</summary>
public interface ILedgerView
{
    StoredEntry? Get(EntryKey key);
}

public static class LedgerViewExtensions
{
    public static AccountEntry? Account(this ILedgerView ledger, AccountID account) => ledger.Get(EntryKey.Account(account))?.Account;

    public static TrustLineEntry? TrustLine(this ILedgerView ledger, AccountID account, TrustLineAsset asset) =>
        ledger.Get(EntryKey.TrustLine(account, asset))?.TrustLine;
}
