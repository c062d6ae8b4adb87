using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>One ledger entry with, for contract data and code, the last ledger it lives in.</summary>
public sealed class StoredEntry(LedgerEntry entry, uint? liveUntil)
{
    private int sizeBytes;

    public LedgerEntry Entry { get; } = entry;

    /// <summary>TTL of Soroban entries; null for classic entries, which never expire.</summary>
    public uint? LiveUntil { get; } = liveUntil;

    /// <summary>Length of the XDR of the LedgerEntry, which is what the network meters.</summary>
    public int SizeBytes => sizeBytes == 0 ? sizeBytes = XdrCodec.ToBytes(Entry).Length : sizeBytes;

    public bool IsLiveAt(uint ledger) => LiveUntil is not { } until || until >= ledger;

    public AccountEntry Account => ((LedgerEntryData.Account)Entry.Data).Value;

    public TrustLineEntry TrustLine => ((LedgerEntryData.Trustline)Entry.Data).Value;

    public ContractDataEntry ContractData => ((LedgerEntryData.ContractData)Entry.Data).Value;

    public static StoredEntry Of(LedgerEntryData data, uint ledger, uint? liveUntil = null) =>
        new(new LedgerEntry(ledger, data, new LedgerEntryExt.V0()), liveUntil);

    public StoredEntry WithLiveUntil(uint ledger) => new(Entry, ledger) { sizeBytes = sizeBytes };
}
