using Payouts.Stellar;
using Payouts.Stellar.Xdr;

namespace Payouts.Devnet.History;

/// <summary>One applied transaction as it is kept for readers: encoded, because most are never asked for.</summary>
public sealed record TransactionRecord
{
    public required TransactionHash Hash { get; init; }

    /// <summary>Equal to <see cref="Hash"/> unless this is a fee bump.</summary>
    public required TransactionHash InnerHash { get; init; }

    public required uint Ledger { get; init; }

    /// <summary>Unix seconds.</summary>
    public required ulong CloseTime { get; init; }

    /// <summary>Place in its ledger, from 1.</summary>
    public required int ApplicationOrder { get; init; }

    public required bool IsFeeBump { get; init; }

    public required bool IsSoroban { get; init; }

    public required bool Succeeded { get; init; }

    /// <summary>Inclusion fee charged per operation, stroops.</summary>
    public required long InclusionFeePerOperation { get; init; }

    public required byte[] EnvelopeXdr { get; init; }

    public required byte[] ResultXdr { get; init; }

    public required byte[] MetaXdr { get; init; }

    /// <summary>LedgerEntryChanges of taking the fee before all transactions.</summary>
    public required byte[] FeeChangesXdr { get; init; }

    /// <summary>LedgerEntryChanges of giving a refund after all transactions.</summary>
    public required byte[] RefundChangesXdr { get; init; }

    /// <summary>Rough memory it holds.</summary>
    public int SizeBytes => EnvelopeXdr.Length + ResultXdr.Length + MetaXdr.Length + FeeChangesXdr.Length + RefundChangesXdr.Length + 400;

    public TransactionMetaV4 Meta() => ((TransactionMeta.V4)XdrCodec.FromBytes<TransactionMeta>(MetaXdr)).Value;
}
