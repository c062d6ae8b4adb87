using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>The classic rules about balances and reserves. Amounts are stroops.</summary>
public static class Accounts
{
    public const uint AuthRequired = 1;
    public const uint AuthRevocable = 2;
    public const uint AuthImmutable = 4;
    public const uint AuthClawbackEnabled = 8;
    public const uint TrustLineAuthorized = 1;
    public const uint TrustLineMaintainLiabilities = 2;
    public const uint TrustLineClawbackEnabled = 4;

    public static AccountEntry New(AccountID id, long balance, uint ledger) => new(
        id, balance, FirstSequenceNumber(ledger), 0, null, 0, new String32(default), new Thresholds(new XdrBytes([1, 0, 0, 0])), [], new AccountEntryExt.V0());

    /// <summary>What an account that is created in this ledger begins with.</summary>
    public static long FirstSequenceNumber(uint ledger) => (long)ledger << 32;

    /// <summary>Two base reserves plus one per subentry (nothing here is sponsored).</summary>
    public static long MinBalance(AccountEntry account, uint baseReserve) => (2L + account.NumSubEntries) * baseReserve;

    public static long Available(AccountEntry account, uint baseReserve) => Math.Max(0, account.Balance - MinBalance(account, baseReserve));

    public static uint MasterWeight(AccountEntry account) => account.Thresholds.Value.Span[0];

    /// <param name="level">1 low, 2 medium, 3 high, as stored in the entry.</param>
    public static uint Threshold(AccountEntry account, int level) => account.Thresholds.Value.Span[level];

    public static bool IsAuthorized(TrustLineEntry line) => (line.Flags & TrustLineAuthorized) != 0;

    public static void PutAccount(this LedgerTxn txn, AccountEntry account, uint ledger) =>
        txn.Put(EntryKey.Account(account.AccountID), StoredEntry.Of(new LedgerEntryData.Account(account), ledger));

    public static void PutTrustLine(this LedgerTxn txn, TrustLineEntry line, uint ledger) =>
        txn.Put(EntryKey.TrustLine(line.AccountID, line.Asset), StoredEntry.Of(new LedgerEntryData.Trustline(line), ledger));
}
