using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <summary>A round resolved and owes this, or somebody ordered it outside a round. Raised in the transaction that takes the order.</summary>
public sealed record PayoutPlanned
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The round that owes it.</summary>
    public required string RoundId { get; init; }

    /// <summary>Of a direct payout: the requester's own name of it; null: a round owes it.</summary>
    public string? Reference { get; init; }

    /// <summary>Of a direct payout: why.</summary>
    public string? Reason { get; init; }

    /// <summary>What is owed.</summary>
    public required PayoutOrder Order { get; init; }
}

/// <summary>A payout is to be authorized. Raised in the transaction that asks for it.</summary>
public sealed record AuthorizationDue
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>What is to be signed, 64 lowercase hex digits.</summary>
    public required string AuthorizationHash { get; init; }

    /// <summary>What that is the hash of, base64 XDR.</summary>
    public required string PreimageXdr { get; init; }

    /// <summary>The last ledger in which it counts.</summary>
    public required uint ExpirationLedger { get; init; }

    /// <summary>About when that ledger closes.</summary>
    public required DateTimeOffset ValidUntil { get; init; }
}

/// <summary>A channel became free and is this payout's now. Raised in the transaction that takes the channel.</summary>
public sealed record SlotLeased
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>The place on the ledger.</summary>
    public required SequenceSlot Slot { get; init; }

    /// <summary>The other payouts that the same transaction will pay; each hears <see cref="GroupJoined"/> in the same transaction.</summary>
    public IReadOnlyList<GroupMember> Members { get; init; } = [];
}

/// <summary>Another payout of the round has a slot, and its transaction will pay this one too. Raised in the transaction that leases the slot.</summary>
public sealed record GroupJoined
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Whose transaction it is.</summary>
    public required Guid LeaderId { get; init; }
}

/// <summary>What a group came to for one of its members.</summary>
public enum GroupOutcome
{
    /// <summary>The ledger paid everybody in it.</summary>
    Paid,

    /// <summary>Nothing on the group's slot paid or ever will: the member goes on by itself; a winner of a prize waits until the whole round can go.</summary>
    Free,

    /// <summary>The transaction succeeded otherwise than ordered: a human decides.</summary>
    NotAsOrdered,

    /// <summary>Execution is off: built, and that is the end.</summary>
    Built,
}

/// <summary>The leader's slot has ended. Raised in the transaction that ends it.</summary>
public sealed record GroupEnded
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Whose transaction it was; a member of another group by now ignores it.</summary>
    public required Guid LeaderId { get; init; }

    /// <summary>How.</summary>
    public required GroupOutcome Outcome { get; init; }

    /// <summary>The transaction that paid or was built.</summary>
    public string? TransactionHash { get; init; }

    /// <summary>The ledger that paid.</summary>
    public uint? Ledger { get; init; }

    /// <summary>Winners of the next group that it may be in; null: as many as configured.</summary>
    public int? SizeMax { get; init; }

    /// <summary>Restoring transactions that its group has asked for so far.</summary>
    public int Restores { get; init; }

    /// <summary>Why it is held.</summary>
    public (PayoutStage Stage, FailureCode Code, string Detail)? Why { get; init; }
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

/// <summary>An operator, or this service itself, stops a payout before anybody could sign it. Raised in the transaction that decides it.</summary>
public sealed record HoldRequested
{
    /// <summary>The payout.</summary>
    public required PayoutId PayoutId { get; init; }

    /// <summary>Tells an operator's hold from the service's own.</summary>
    public FailureCode Code { get; init; } = FailureCode.Operator;

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
