namespace Payouts.Contracts;

/// <summary>The unsigned transaction exists; its hash is known before anybody signs it.</summary>
public sealed record PayoutBuilt
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The place on the ledger that this payout owns.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>The transaction's hash, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>TransactionEnvelope without signatures, base64 XDR.</summary>
    public required string UnsignedXdr { get; init; }

    /// <summary>The fee bid in stroops of the native asset: inclusion plus resources.</summary>
    public required long FeeStroops { get; init; }

    /// <summary>The envelope's maxTime: after a ledger closes later than this, it can never be applied.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>The envelope's maxLedger: it can be applied only in ledgers below this one.</summary>
    public required uint MaxLedger { get; init; }
}
