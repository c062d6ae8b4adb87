using System.Security.Cryptography;
using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>The hash of an envelope's transaction: SHA-256 of network id, envelope type and transaction; no signature is in it.</summary>
public static class EnvelopeHash
{
    public static TransactionHash Of(TransactionEnvelope envelope, Network network) => envelope switch
    {
        TransactionEnvelope.Tx v1 => Of(v1.Value.Tx, network),
        TransactionEnvelope.TxFeeBump bump => Of(bump.Value.Tx, network),
        TransactionEnvelope.TxV0 v0 => Of(Upgrade(v0.Value.Tx), network),
        _ => throw new ArgumentException($"An envelope of type {envelope.Discriminant} has no transaction.", nameof(envelope)),
    };

    public static TransactionHash Of(Xdr.Transaction transaction, Network network) =>
        Of(new TransactionSignaturePayloadTaggedTransaction.Tx(transaction), network);

    public static TransactionHash Of(Xdr.FeeBumpTransaction transaction, Network network) =>
        Of(new TransactionSignaturePayloadTaggedTransaction.TxFeeBump(transaction), network);

    /// <summary>For a fee bump, the hash of the transaction inside it, which the ledger also knows it by.</summary>
    public static TransactionHash OfInner(TransactionEnvelope.TxFeeBump envelope, Network network) =>
        Of(((FeeBumpTransactionInnerTx.Tx)envelope.Value.Tx.InnerTx).Value.Tx, network);

    private static TransactionHash Of(TransactionSignaturePayloadTaggedTransaction tagged, Network network)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        XdrCodec.Sha256(new TransactionSignaturePayload(network.NetworkId, tagged), hash);
        return new TransactionHash(hash);
    }

    // A version 0 envelope is signed as the version 1 transaction that says the same.
    private static Xdr.Transaction Upgrade(TransactionV0 v0) => new(
        SourceAccount: new MuxedAccount.Ed25519(v0.SourceAccountEd25519),
        Fee: v0.Fee,
        SeqNum: v0.SeqNum,
        Cond: v0.TimeBounds is { } bounds ? new Preconditions.Time(bounds) : new Preconditions.None(),
        Memo: v0.Memo,
        Operations: v0.Operations,
        Ext: new TransactionExt.V0());
}
