using Payouts.Contracts;

namespace Payouts.Builder.Saga;

/// <summary>A payout that is paid by another one's transaction, as the leader's row remembers it.</summary>
public sealed record GroupMember
{
    /// <summary>The member.</summary>
    public required Guid PayoutId { get; init; }

    /// <summary>Who is owed, G...</summary>
    public required string Winner { get; init; }

    /// <summary>How much.</summary>
    public required Stroops Amount { get; init; }
}
