using Payouts.Stellar.Xdr;

namespace Payouts.Stellar;

/// <summary>
/// Builds transactions that the ledger can accept and that cannot live for ever: the rules of a Soroban transaction (one operation, no memo)
/// hold, and an upper time bound is always set.
/// </summary>
/// <param name="source">Whose sequence number is consumed and who pays the fee.</param>
/// <param name="sequenceNumber">The sequence number to consume: the account's present one plus one.</param>
public sealed class TransactionBuilder(AccountId source, long sequenceNumber)
{
    /// <summary>The network's lowest inclusion fee per operation, in stroops.</summary>
    public const uint InclusionFeeMin = 100;

    /// <summary>Operations in one transaction (stellar-xdr, MAX_OPS_PER_TX).</summary>
    public const int OperationsMax = 100;

    private readonly List<Operation> _operations = [];
    private uint _inclusionFeePerOperation = InclusionFeeMin;
    private TimeBounds? _timeBounds;
    private LedgerBounds? _ledgerBounds;
    private SorobanTransactionData? _sorobanData;
    private Memo _memo = new Memo.None();

    public TransactionBuilder Add(Operation operation)
    {
        _operations.Add(operation);
        return this;
    }

    /// <summary>The bid for a place in a ledger, in stroops for each operation.</summary>
    public TransactionBuilder InclusionFeePerOperation(uint stroops)
    {
        _inclusionFeePerOperation = stroops >= InclusionFeeMin
            ? stroops
            : throw new ArgumentOutOfRangeException(nameof(stroops), stroops, $"The network takes no inclusion fee below {InclusionFeeMin} stroops an operation.");
        return this;
    }

    /// <summary>Valid only in ledgers that close at or before <paramref name="maxTime"/>; whole seconds, rounded down.</summary>
    public TransactionBuilder ValidUntil(DateTimeOffset maxTime) => ValidBetween(DateTimeOffset.UnixEpoch, maxTime);

    /// <inheritdoc cref="ValidUntil"/>
    public TransactionBuilder ValidBetween(DateTimeOffset minTime, DateTimeOffset maxTime)
    {
        if (maxTime <= DateTimeOffset.UnixEpoch || minTime > maxTime || minTime < DateTimeOffset.UnixEpoch)
        {
            throw new ArgumentOutOfRangeException(nameof(maxTime), maxTime, "The upper time bound must lie after 1970 and not before the lower one: 0 would mean for ever.");
        }

        _timeBounds = new TimeBounds((ulong)minTime.ToUnixTimeSeconds(), (ulong)maxTime.ToUnixTimeSeconds());
        return this;
    }

    /// <summary>Valid in ledgers from <paramref name="minLedger"/> up to, and not including, <paramref name="maxLedger"/>.</summary>
    public TransactionBuilder ValidInLedgers(uint minLedger, uint maxLedger)
    {
        _ledgerBounds = maxLedger > minLedger
            ? new LedgerBounds(minLedger, maxLedger)
            : throw new ArgumentOutOfRangeException(nameof(maxLedger), maxLedger, $"The first ledger that is too late must come after {minLedger}: 0 would mean for ever.");
        return this;
    }

    public TransactionBuilder SorobanData(SorobanTransactionData data)
    {
        _sorobanData = data;
        return this;
    }

    public TransactionBuilder WithMemo(Memo memo)
    {
        _memo = memo;
        return this;
    }

    /// <exception cref="InvalidOperationException">The ledger would refuse it; the message says why.</exception>
    public Transaction Build()
    {
        RequireRules();
        var fee = (Int128)(_sorobanData?.ResourceFee ?? 0) + ((long)_inclusionFeePerOperation * _operations.Count);
        if (fee > uint.MaxValue)
        {
            throw new InvalidOperationException($"The fee of {fee} stroops does not fit a transaction, which holds at most {uint.MaxValue}.");
        }

        return new Transaction(new TransactionV1Envelope(
            new Xdr.Transaction(
                SourceAccount: source.ToMuxedAccount(),
                Fee: (uint)fee,
                SeqNum: sequenceNumber,
                Cond: Conditions(),
                Memo: _memo,
                Operations: _operations.Select(o => o.ToXdr()).ToXdrArray(),
                Ext: _sorobanData is null ? new TransactionExt.V0() : new TransactionExt.V1(_sorobanData)),
            Signatures: []));
    }

    private Preconditions Conditions() => _ledgerBounds is null
        ? new Preconditions.Time(_timeBounds!)
        : new Preconditions.V2(new PreconditionsV2(
            TimeBounds: _timeBounds,
            LedgerBounds: _ledgerBounds,
            MinSeqNum: null,
            MinSeqAge: 0,
            MinSeqLedgerGap: 0,
            ExtraSigners: []));

    private void RequireRules()
    {
        var soroban = _operations.Any(o => o is InvokeHostFunctionOperation or ExtendFootprintTtlOperation or RestoreFootprintOperation);
        var broken = _operations.Count switch
        {
            0 => "A transaction needs an operation.",
            > OperationsMax => $"A transaction has at most {OperationsMax} operations, not {_operations.Count}.",
            > 1 when soroban => "A Soroban transaction has exactly one operation.",
            _ when sequenceNumber <= 0 => $"The sequence number {sequenceNumber} is not positive.",
            _ when _timeBounds is null => "An upper time bound is required: without one a signed transaction could be applied for ever.",
            _ when soroban && _memo is not Memo.None => "A Soroban transaction has no memo.",
            _ when _sorobanData is { ResourceFee: < 0 } data => $"The resource fee of {data.ResourceFee} stroops is negative.",
            _ when !soroban && _sorobanData is not null => "Soroban data belong to a Soroban operation only.",
            _ => null,
        };
        if (broken is not null)
        {
            throw new InvalidOperationException(broken);
        }
    }
}
