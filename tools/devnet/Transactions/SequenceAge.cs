using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Transactions;

/// <summary>When an account last used a sequence number: kept in the third extension of its entry (CAP-21).</summary>
public static class SequenceAge
{
    public static (uint Ledger, ulong Time) Of(AccountEntry account) =>
        account.Ext is AccountEntryExt.V1 { Value.Ext: AccountEntryExtensionV1Ext.V2 { Value.Ext: AccountEntryExtensionV2Ext.V3 v3 } }
            ? (v3.Value.SeqLedger, v3.Value.SeqTime)
            : (0, 0);

    /// <summary>Sets the sequence number and notes the ledger and time it was used in.</summary>
    public static AccountEntry Use(AccountEntry account, long sequenceNumber, uint ledger, ulong time)
    {
        var v3 = new AccountEntryExtensionV3(new ExtensionPoint.V0(), ledger, time);
        var v2 = account.Ext is AccountEntryExt.V1 { Value.Ext: AccountEntryExtensionV1Ext.V2 existing }
            ? existing.Value with { Ext = new AccountEntryExtensionV2Ext.V3(v3) }
            : new AccountEntryExtensionV2(0, 0, [.. account.Signers.Select(_ => new SponsorshipDescriptor(null))], new AccountEntryExtensionV2Ext.V3(v3));
        var v1 = account.Ext is AccountEntryExt.V1 first ? first.Value : new AccountEntryExtensionV1(new Liabilities(0, 0), new AccountEntryExtensionV1Ext.V0());
        return account with { SeqNum = sequenceNumber, Ext = new AccountEntryExt.V1(v1 with { Ext = new AccountEntryExtensionV1Ext.V2(v2) }) };
    }
}
