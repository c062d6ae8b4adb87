using Payouts.Devnet.Ledger;
using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.Transactions;

/// <summary>A decoded envelope with everything the queue and the ledger ask of it again and again.</summary>
public sealed class TransactionFrame
{
    private SorobanVerdict? sorobanVerdict;

    private TransactionFrame(byte[] xdr, TransactionV1Envelope inner, FeeBumpTransactionEnvelope? bump, Network network)
    {
        EnvelopeXdr = xdr;
        Tx = inner.Tx;
        Bump = bump?.Tx;
        InnerHash = EnvelopeHash.Of(inner.Tx, network);
        Hash = bump is null ? InnerHash : EnvelopeHash.Of(bump.Tx, network);
        SourceId = inner.Tx.SourceAccount.AccountId();
        FeeSourceId = bump is null ? SourceId : bump.Tx.FeeSource.AccountId();
        SourceKey = EntryKey.Account(SourceId);
        FeeSourceKey = EntryKey.Account(FeeSourceId);
        Signatures = new TransactionSignatures(InnerHash, inner.Signatures);
        BumpSignatures = bump is null ? null : new TransactionSignatures(Hash, bump.Signatures);
        SorobanData = (inner.Tx.Ext as TransactionExt.V1)?.Value;
        IsSoroban = inner.Tx.Operations.Any(IsSorobanOperation);
        Footprint = new FrameFootprint(SorobanData?.Resources.Footprint);
        InnerSizeBytes = bump is null ? xdr.Length : XdrCodec.ToBytes(new TransactionEnvelope.Tx(inner)).Length;
    }

    public byte[] EnvelopeXdr { get; }

    /// <summary>The transaction itself: for a fee bump the inner one.</summary>
    public Transaction Tx { get; }

    public FeeBumpTransaction? Bump { get; }

    public bool IsFeeBump => Bump is not null;

    /// <summary>Of the envelope as sent.</summary>
    public TransactionHash Hash { get; }

    public TransactionHash InnerHash { get; }

    public AccountID SourceId { get; }

    public AccountID FeeSourceId { get; }

    public EntryKey SourceKey { get; }

    public EntryKey FeeSourceKey { get; }

    public TransactionSignatures Signatures { get; }

    public TransactionSignatures? BumpSignatures { get; }

    public SorobanTransactionData? SorobanData { get; }

    public bool IsSoroban { get; }

    /// <summary>The declared keys, encoded once.</summary>
    public FrameFootprint Footprint { get; }

    /// <summary>What the declaration says of itself never changes, so it is judged once.</summary>
    public SorobanVerdict SorobanVerdict => sorobanVerdict ??= SorobanDeclarations.Judge(this);

    /// <summary>Bytes of the envelope without its fee bump: what Soroban size fees are computed from.</summary>
    public int InnerSizeBytes { get; }

    public long SequenceNumber => Tx.SeqNum;

    /// <summary>What the source offers in all, stroops.</summary>
    public long FullFee => Bump?.Fee ?? Tx.Fee;

    public long ResourceFee => IsSoroban ? SorobanData?.ResourceFee ?? 0 : 0;

    /// <summary>The part of the fee that bids for a place in the ledger; may be negative for the inner transaction of a bump.</summary>
    public long InclusionFee => FullFee - ResourceFee;

    public long InnerInclusionFee => Tx.Fee - ResourceFee;

    /// <summary>Operations that fees are counted over: a fee bump counts as one more.</summary>
    public int FeeOperations => Math.Max(1, Tx.Operations.Count) + (IsFeeBump ? 1 : 0);

    public TimeBounds? TimeBounds => Tx.Cond switch
    {
        Preconditions.Time time => time.Value,
        Preconditions.V2 v2 => v2.Value.TimeBounds,
        _ => null,
    };

    public PreconditionsV2? Preconditions2 => (Tx.Cond as Preconditions.V2)?.Value;

    /// <returns>Null for an envelope of a kind that no longer exists (version 0).</returns>
    public static TransactionFrame? Of(TransactionEnvelope envelope, Network network) => envelope switch
    {
        TransactionEnvelope.Tx tx => new TransactionFrame(XdrCodec.ToBytes(envelope), tx.Value, null, network),
        TransactionEnvelope.TxFeeBump { Value.Tx.InnerTx: FeeBumpTransactionInnerTx.Tx inner } bump =>
            new TransactionFrame(XdrCodec.ToBytes(envelope), inner.Value, bump.Value, network),
        _ => null,
    };

    /// <summary>stellar-core getFee: what is taken before applying, at a base fee per operation.</summary>
    public long FeeAt(long baseFee) => ResourceFee + Math.Min(InclusionFee, baseFee * FeeOperations);

    /// <summary>What the queue names as charged: the least that would be, whatever is bid (stellar-core getFee when not applying).</summary>
    public long FeeMinimum(long baseFee) => ResourceFee + (baseFee * FeeOperations);

    public AccountID SourceOf(Operation operation) => operation.SourceAccount?.AccountId() ?? SourceId;

    /// <summary>Verifies what the accounts named in the transaction signed, before the ledger is locked: the results are kept.</summary>
    public void VerifyOwnSignatures()
    {
        Signatures.VerifyFor(Tx.Operations.Select(SourceOf).Append(SourceId));
        BumpSignatures?.VerifyFor([FeeSourceId]);
    }

    private static bool IsSorobanOperation(Operation operation) => operation.Body is
        OperationBody.InvokeHostFunction or OperationBody.ExtendFootprintTtl or OperationBody.RestoreFootprint;
}
