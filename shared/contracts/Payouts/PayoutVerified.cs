namespace Payouts.Contracts;

/// <summary>What contract and ledger said about a debt.</summary>
public sealed record PayoutVerified
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The payout's latest build when it was asked.</summary>
    public required int Attempt { get; init; }

    /// <summary>The answer, from the closed list.</summary>
    public required PaymentEvidence Evidence { get; init; }

    /// <summary>The slot that was asked about.</summary>
    public SequenceSlot? Slot { get; init; }

    /// <summary>True when the slot's number was consumed before the contract was asked: with <see cref="PaymentEvidence.Unpaid"/> nothing on it can pay any more.</summary>
    public required bool SlotConsumed { get; init; }

    /// <summary>The transaction that paid, 64 lowercase hex digits; only with <see cref="PaymentEvidence.Paid"/>.</summary>
    public string? TransactionHash { get; init; }

    /// <summary>Its ledger.</summary>
    public uint? Ledger { get; init; }

    /// <summary>The ledger whose state the contract was asked in; null when it could not be asked.</summary>
    public uint? AskedAtLedger { get; init; }

    /// <summary>The facts, for a human. Nothing secret.</summary>
    public required string Detail { get; init; }
}
