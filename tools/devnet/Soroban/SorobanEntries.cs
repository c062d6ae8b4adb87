using System.Security.Cryptography;
using Payouts.Devnet.Ledger;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Soroban;

/// <summary>Kinds of contract entries and their TTL companions.</summary>
public static class SorobanEntries
{
    public static bool IsSoroban(LedgerKey key) => key is LedgerKey.ContractData or LedgerKey.ContractCode;

    public static bool IsPersistent(LedgerKey key) =>
        key is LedgerKey.ContractCode or LedgerKey.ContractData { Value.Durability: ContractDataDurability.PERSISTENT };

    public static bool IsTemporary(LedgerKey key) => key is LedgerKey.ContractData { Value.Durability: ContractDataDurability.TEMPORARY };

    public static LedgerKey TtlKey(EntryKey key) => new LedgerKey.Ttl(new LedgerKeyTtl(KeyHash(key)));

    /// <summary>The TTL entry that the network keeps beside a contract entry.</summary>
    public static LedgerEntry TtlEntry(EntryKey key, uint liveUntil, uint ledger) =>
        new(ledger, new LedgerEntryData.Ttl(new TTLEntry(KeyHash(key), liveUntil)), new LedgerEntryExt.V0());

    private static Hash KeyHash(EntryKey key) => new(new XdrBytes(SHA256.HashData(key.Xdr)));
}
