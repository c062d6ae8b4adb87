using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Ledger;

/// <summary>A ledger key as its XDR bytes, hashed once: the identity of an entry in every dictionary here.</summary>
public readonly struct EntryKey : IEquatable<EntryKey>
{
    private readonly byte[] xdr;
    private readonly int hash;

    private EntryKey(byte[] xdr)
    {
        this.xdr = xdr;
        var code = default(HashCode);
        code.AddBytes(xdr);
        hash = code.ToHashCode();
    }

    public ReadOnlySpan<byte> Xdr => xdr;

    public int SizeBytes => xdr.Length;

    public static EntryKey Of(LedgerKey key) => new(XdrCodec.ToBytes(key));

    public static EntryKey OfXdr(ReadOnlySpan<byte> xdr) => new(xdr.ToArray());

    public static EntryKey Account(AccountID account) => Of(new LedgerKey.Account(new LedgerKeyAccount(account)));

    public static EntryKey TrustLine(AccountID account, TrustLineAsset asset) => Of(new LedgerKey.Trustline(new LedgerKeyTrustLine(account, asset)));

    public static EntryKey ContractData(SCAddress contract, SCVal key, ContractDataDurability durability) =>
        Of(new LedgerKey.ContractData(new LedgerKeyContractData(contract, key, durability)));

    public static EntryKey Instance(SCAddress contract) =>
        ContractData(contract, new SCVal.LedgerKeyContractInstance(), ContractDataDurability.PERSISTENT);

    public static EntryKey Nonce(SCAddress address, long nonce) =>
        ContractData(address, new SCVal.LedgerKeyNonce(new SCNonceKey(nonce)), ContractDataDurability.TEMPORARY);

    public static EntryKey Code(Hash wasm) => Of(new LedgerKey.ContractCode(new LedgerKeyContractCode(wasm)));

    public LedgerKey Decode() => XdrCodec.FromBytes<LedgerKey>(xdr);

    public bool Equals(EntryKey other) => hash == other.hash && xdr.AsSpan().SequenceEqual(other.xdr);

    public override bool Equals(object? obj) => obj is EntryKey other && Equals(other);

    public override int GetHashCode() => hash;
}
