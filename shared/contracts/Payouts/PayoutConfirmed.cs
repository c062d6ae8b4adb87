namespace Payouts.Contracts;

/// <summary>The ledger shows SUCCESS, the contract's PAYOUT event and the token transfer, all as ordered.</summary>
public sealed record PayoutConfirmed
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Which build of the payout this speaks of, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The place on the ledger that this payout owns.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>The transaction's hash, 64 lowercase hex digits.</summary>
    public required string TransactionHash { get; init; }

    /// <summary>The ledger that holds the transaction.</summary>
    public required uint Ledger { get; init; }

    /// <summary>The transferred amount, read from the token's transfer event.</summary>
    public required Stroops Paid { get; init; }
}
