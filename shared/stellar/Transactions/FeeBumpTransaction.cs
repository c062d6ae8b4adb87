using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>
/// A fee bump: another account pays more for the same signed transaction. The inner transaction, its sequence number and its signatures stay
/// as they are, so at most one of both is ever applied.
/// </summary>
public sealed class FeeBumpTransaction
{
    /// <summary>All the lumens that there are, in stroops (the ledger header's totalCoins, unchanged since protocol 12): nobody can pay more.</summary>
    public const long FeeMax = 1_054_439_020_873_472_865;

    // stellar-core replaces a queued transaction only for ten times its inclusion fee rate.
    private const int ReplacementFactor = 10;

    private readonly FeeBumpTransactionEnvelope _envelope;

    public FeeBumpTransaction(FeeBumpTransactionEnvelope envelope) => _envelope = envelope;

    public Xdr.FeeBumpTransaction Body => _envelope.Tx;

    public XdrArray<DecoratedSignature> Signatures => _envelope.Signatures;

    public AccountId FeeSource => AccountId.FromXdr(Body.FeeSource);

    /// <summary>The most that it can cost, in stroops, resource fee included.</summary>
    public long Fee => Body.Fee;

    public Transaction Inner => new(((FeeBumpTransactionInnerTx.Tx)Body.InnerTx).Value);

    /// <param name="inner">Signed already: its signatures are carried along.</param>
    /// <param name="feeStroops">The whole fee; see <see cref="FeeMin"/>.</param>
    /// <exception cref="InvalidOperationException">The fee is too low for the network's rules, or above <see cref="FeeMax"/>.</exception>
    public static FeeBumpTransaction Wrap(Transaction inner, AccountId feeSource, long feeStroops)
    {
        var feeMin = FeeMin(inner, replacesPending: false);
        if (feeStroops < feeMin)
        {
            throw new InvalidOperationException($"A fee bump of this transaction costs at least {feeMin} stroops, not {feeStroops}.");
        }

        if (feeStroops > FeeMax)
        {
            throw new InvalidOperationException($"A fee of {feeStroops} stroops is more than all lumens, {FeeMax} stroops at most.");
        }

        return new FeeBumpTransaction(new FeeBumpTransactionEnvelope(
            new Xdr.FeeBumpTransaction(
                feeSource.ToMuxedAccount(),
                feeStroops,
                new FeeBumpTransactionInnerTx.Tx(((TransactionEnvelope.Tx)inner.ToEnvelope()).Value),
                new FeeBumpTransactionExt.V0()),
            Signatures: []));
    }

    /// <summary>
    /// The lowest whole fee, in stroops, that the network takes: the resource fee, plus an inclusion fee of 100 for each operation and one more,
    /// at a rate not below the inner one's. To replace an inner transaction that waits in the queue the rate must be ten times its own.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The inner resource fee is negative, the inner fee does not even cover it, or there is no operation.
    /// </exception>
    public static long FeeMin(Transaction inner, bool replacesPending)
    {
        if (inner.ResourceFee < 0)
        {
            throw new InvalidOperationException($"The resource fee of {inner.ResourceFee} stroops is negative: the network refuses the transaction, bumped or not.");
        }

        if (inner.InclusionFee < 0)
        {
            throw new InvalidOperationException($"The fee of {inner.Fee} stroops does not cover the resource fee of {inner.ResourceFee}.");
        }

        // Here 0 <= resource fee <= fee < 2^32 and operations <= 100, so 64 bits hold everything below.
        // Rates are compared as fractions, inclusion fee by operations: the outer one counts one operation more.
        var operations = inner.Body.Operations.Count;
        if (operations == 0)
        {
            throw new InvalidOperationException("A transaction without operations has no fee rate: the network refuses it, bumped or not.");
        }

        var factor = replacesPending ? ReplacementFactor : 1;
        var inclusion = ((inner.InclusionFee * factor * (operations + 1)) + operations - 1) / operations;
        return inner.ResourceFee + Math.Max(inclusion, (long)TransactionBuilder.InclusionFeeMin * (operations + 1));
    }

    /// <exception cref="TransactionFormatException">Not a fee bump envelope.</exception>
    public static FeeBumpTransaction FromEnvelope(TransactionEnvelope envelope) => envelope is TransactionEnvelope.TxFeeBump bump
        ? new FeeBumpTransaction(bump.Value)
        : throw new TransactionFormatException($"an envelope of type ENVELOPE_TYPE_TX_FEE_BUMP was expected, not {envelope.Discriminant}");

    public TransactionHash Hash(Network network) => EnvelopeHash.Of(Body, network);

    public FeeBumpTransaction Sign(Network network, params IEnumerable<KeyPair> keys)
    {
        var hash = Hash(network);
        return keys.Aggregate(this, (bump, key) => bump.AddSignature(key.SignDecorated(hash)));
    }

    public FeeBumpTransaction AddSignature(DecoratedSignature signature) => Signatures.Count < Transaction.SignaturesMax
        ? new FeeBumpTransaction(_envelope with { Signatures = [.. Signatures, signature] })
        : throw new InvalidOperationException($"A fee bump carries at most {Transaction.SignaturesMax} signatures.");

    public TransactionEnvelope ToEnvelope() => new TransactionEnvelope.TxFeeBump(_envelope);

    public string ToBase64() => XdrCodec.ToBase64(ToEnvelope());

    public override string ToString() => $"fee bump by {FeeSource} to {Fee} stroops of the {Inner}";
}
