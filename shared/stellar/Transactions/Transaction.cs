using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>A text is not the transaction envelope that it should be.</summary>
public sealed class TransactionFormatException(string message, Exception? inner = null) : FormatException(message, inner);

/// <summary>
/// A transaction with the signatures it carries so far (a version 1 envelope). Immutable: signing gives a new one. Its ToString names it
/// without its XDR.
/// </summary>
public sealed class Transaction
{
    /// <summary>What one envelope can carry (stellar-xdr, DecoratedSignature signatures&lt;20&gt;).</summary>
    public const int SignaturesMax = 20;

    private readonly TransactionV1Envelope _envelope;

    public Transaction(TransactionV1Envelope envelope) => _envelope = envelope;

    /// <summary>The XDR itself.</summary>
    public Xdr.Transaction Body => _envelope.Tx;

    public XdrArray<DecoratedSignature> Signatures => _envelope.Signatures;

    public AccountId Source => AccountId.FromXdr(Body.SourceAccount);

    public long SequenceNumber => Body.SeqNum;

    /// <summary>The most that this transaction can cost, in stroops.</summary>
    public uint Fee => Body.Fee;

    public TimeBounds? TimeBounds => Body.Cond switch
    {
        Preconditions.Time time => time.Value,
        Preconditions.V2 v2 => v2.Value.TimeBounds,
        _ => null,
    };

    public LedgerBounds? LedgerBounds => (Body.Cond as Preconditions.V2)?.Value.LedgerBounds;

    public SorobanTransactionData? SorobanData => (Body.Ext as TransactionExt.V1)?.Value;

    /// <summary>The declared Soroban resource fee in stroops; 0 for a classic transaction.</summary>
    public long ResourceFee => SorobanData?.ResourceFee ?? 0;

    /// <summary>
    /// What is bid for a place in a ledger, in stroops: the fee without the resource fee. Negative when the fee does not cover it; a difference
    /// that 64 bits cannot hold, from an envelope that no network takes, is the nearest that they can.
    /// </summary>
    public long InclusionFee => long.CreateSaturating((Int128)Fee - ResourceFee);

    /// <exception cref="TransactionFormatException">Not a version 1 envelope.</exception>
    public static Transaction FromBase64(string base64)
    {
        try
        {
            return FromEnvelope(XdrCodec.FromBase64<TransactionEnvelope>(base64));
        }
        catch (XdrException exception)
        {
            throw new TransactionFormatException($"not a transaction envelope: {exception.Message}", exception);
        }
    }

    /// <exception cref="TransactionFormatException">Not a version 1 envelope.</exception>
    public static Transaction FromEnvelope(TransactionEnvelope envelope) => envelope is TransactionEnvelope.Tx v1
        ? new Transaction(v1.Value)
        : throw new TransactionFormatException($"an envelope of type ENVELOPE_TYPE_TX was expected, not {envelope.Discriminant}");

    public TransactionHash Hash(Network network) => EnvelopeHash.Of(Body, network);

    /// <summary>With the signature of each key added, over the hash on <paramref name="network"/>.</summary>
    public Transaction Sign(Network network, params IEnumerable<KeyPair> keys)
    {
        var hash = Hash(network);
        return keys.Aggregate(this, (transaction, key) => transaction.AddSignature(key.SignDecorated(hash)));
    }

    /// <summary>With a signature made elsewhere. It is not verified here: see <see cref="SignatureVerifier"/>.</summary>
    public Transaction AddSignature(AccountId signer, ReadOnlySpan<byte> signature) =>
        AddSignature(new DecoratedSignature(signer.SignatureHint, new Signature(new XdrBytes(signature))));

    /// <inheritdoc cref="AddSignature(AccountId, ReadOnlySpan{byte})"/>
    public Transaction AddSignature(DecoratedSignature signature) => Signatures.Count < SignaturesMax
        ? new Transaction(_envelope with { Signatures = [.. Signatures, signature] })
        : throw new InvalidOperationException($"A transaction carries at most {SignaturesMax} signatures.");

    public Transaction WithoutSignatures() => new(_envelope with { Signatures = [] });

    public TransactionEnvelope ToEnvelope() => new TransactionEnvelope.Tx(_envelope);

    public string ToBase64() => XdrCodec.ToBase64(ToEnvelope());

    public override string ToString() => $"transaction of {Source}, sequence number {SequenceNumber}, {Signatures.Count} signatures";
}
