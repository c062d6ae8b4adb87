namespace Payouts.Contracts;

/// <summary>
/// A payout outside a round is owed: the rounds service has checked and stored it. payout-builder pays it; payout-signer keeps it as the order
/// that every signature is checked against. Nobody but rounds may publish it.
/// </summary>
public sealed record DirectPayoutOrdered
{
    /// <summary>The requester's own name of this payout.</summary>
    public required string Reference { get; init; }

    /// <summary>First part of the contract's key.</summary>
    public required string Context { get; init; }

    /// <summary>Second part of the contract's key.</summary>
    public required uint PoolId { get; init; }

    /// <summary>Third part of the contract's key.</summary>
    public required uint RoundNumber { get; init; }

    /// <summary>Who is owed, G...</summary>
    public required string Winner { get; init; }

    /// <summary>How much, above zero.</summary>
    public required Stroops Amount { get; init; }

    /// <summary>In what, as the contract knows it.</summary>
    public required string Currency { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who ordered it over HTTP, as known at the door; does not count among those who approve it. Absent: the game's message.</summary>
    public string? OrderedBy { get; init; }
}
