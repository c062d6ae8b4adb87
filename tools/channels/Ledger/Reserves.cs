using Payouts.Contracts;
using Payouts.Stellar.Xdr;

namespace Payouts.Channels.Ledger;

/// <summary>What of a balance the ledger lets go: an account keeps a reserve for itself and for each entry that it owns (stellar-core, getAvailableBalance).</summary>
public static class Reserves
{
    /// <summary>The base reserve of the public network in stroops; what the ledger's header says goes first.</summary>
    public const long BaseReserveStroops = 5_000_000;

    private const long OwnReserves = 2;

    /// <summary>Stroops that the account can spend.</summary>
    public static long Spendable(AccountEntry account, long baseReserve)
    {
        var (selling, sponsoring, sponsored) = account.Ext switch
        {
            AccountEntryExt.V1 { Value: { Ext: AccountEntryExtensionV1Ext.V2 { Value: var two } } one } => (one.Liabilities.Selling, two.NumSponsoring, two.NumSponsored),
            AccountEntryExt.V1 { Value: var one } => (one.Liabilities.Selling, 0u, 0u),
            _ => (0L, 0u, 0u),
        };
        var entries = OwnReserves + account.NumSubEntries + sponsoring - sponsored;
        return Math.Max(0, account.Balance - (entries * baseReserve) - selling);
    }

    /// <summary>Entries of others that the account pays the reserve of: such an account cannot be merged.</summary>
    public static uint Sponsoring(AccountEntry account) =>
        account.Ext is AccountEntryExt.V1 { Value.Ext: AccountEntryExtensionV1Ext.V2 { Value: var two } } ? two.NumSponsoring : 0;

    /// <summary>Decimal text of an amount in XLM.</summary>
    public static string Xlm(long stroops) => new Stroops(stroops).ToString();
}
