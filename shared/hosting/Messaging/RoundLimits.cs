using System.Globalization;
using Payouts.Contracts;

namespace Payouts.Hosting.Messaging;

/// <summary>
/// How large a resolved round may be. Whoever takes one asks: the transactions and rows that it becomes have these bounds, whatever a sender
/// that is not the rounds service puts on the broker.
/// </summary>
public static class RoundLimits
{
    /// <summary>Debts of one round.</summary>
    public const int DebtsMax = 10_000;

    /// <summary>Characters of a round's name.</summary>
    public const int RoundIdLengthMax = 100;

    /// <summary>Characters of a direct payout's reference; with its prefix it fits where a round's name does.</summary>
    public const int ReferenceLengthMax = 80;

    /// <summary>Characters of a direct payout's reason.</summary>
    public const int ReasonLengthMax = 500;

    /// <summary>Returns when the round is within them.</summary>
    /// <exception cref="RefusedMessageException">It is not; nothing of it is taken.</exception>
    public static void Require(RoundResolved round)
    {
        if (round.RoundId.Length is 0 or > RoundIdLengthMax || !ForeignText.IsStorable(round.RoundId))
            throw new RefusedMessageException("RoundIdInvalid", string.Create(CultureInfo.InvariantCulture, $"roundId has {round.RoundId.Length} characters; 1 to {RoundIdLengthMax} are right, none of them NUL"));
        if (DirectName.Is(round.RoundId))
            throw new RefusedMessageException("RoundIdInvalid", $"roundId begins with {DirectName.Prefix}, which is for payouts outside rounds");
        if (round.Payouts.Count > DebtsMax)
            throw new RefusedMessageException("RoundTooLarge", string.Create(CultureInfo.InvariantCulture, $"{round.Payouts.Count} debts are listed; a round has at most {DebtsMax}"));
    }

    /// <summary>Returns when the direct payout is within them.</summary>
    /// <exception cref="RefusedMessageException">It is not.</exception>
    public static void Require(DirectPayoutOrdered order)
    {
        if (order.Reference.Length is 0 or > ReferenceLengthMax || !ForeignText.IsStorable(order.Reference))
            throw new RefusedMessageException("ReferenceInvalid", string.Create(CultureInfo.InvariantCulture, $"reference has {order.Reference.Length} characters; 1 to {ReferenceLengthMax} are right, none of them NUL"));
        if (order.Reason.Length > ReasonLengthMax || !ForeignText.IsStorable(order.Reason))
            throw new RefusedMessageException("ReasonInvalid", string.Create(CultureInfo.InvariantCulture, $"reason has {order.Reason.Length} characters; at most {ReasonLengthMax} are right, none of them NUL"));
        if (!order.Amount.IsPositive)
            throw new RefusedMessageException("AmountInvalid", $"amount is {order.Amount}; above zero is right");
    }
}
