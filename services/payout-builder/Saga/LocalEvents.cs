using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <summary>A round resolved and owes this. Raised in the transaction that takes the order.</summary>
public sealed record PayoutPlanned
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The round that owes it.</summary>
    public required string RoundId { get; init; }

    /// <summary>What is owed.</summary>
    public required PayoutOrder Order { get; init; }
}

/// <summary>A channel became free and is this payout's now. Raised in the transaction that takes the channel.</summary>
public sealed record SlotLeased
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The place on the ledger.</summary>
    public required SequenceSlot Slot { get; init; }
}

/// <summary>Nothing arrived before the payout's timer. Raised in a transaction of its own.</summary>
public sealed record DeadlineReached
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }
}

/// <summary>Signed payouts have waited too long behind this one. Raised in a transaction of its own.</summary>
public sealed record LaneBlocked
{
    /// <summary>The payout at the head of the lane.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Signed payouts behind it.</summary>
    public required int Behind { get; init; }
}

/// <summary>An operator stops a payout before anybody could sign it. Raised in the transaction that keeps the decision.</summary>
public sealed record HoldRequested
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Who decided.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}

/// <summary>An operator takes a payout out of what is owed. Raised in the transaction that keeps the decision.</summary>
public sealed record WriteOffRequested
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Who decided.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}
