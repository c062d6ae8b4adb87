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

    /// <summary>Returns when the round is within them.</summary>
    /// <exception cref="RefusedMessageException">It is not; nothing of it is taken.</exception>
    public static void Require(RoundResolved round)
    {
        if (round.RoundId.Length is 0 or > RoundIdLengthMax || !ForeignText.IsStorable(round.RoundId))
            throw new RefusedMessageException("RoundIdInvalid", string.Create(CultureInfo.InvariantCulture, $"roundId has {round.RoundId.Length} characters; 1 to {RoundIdLengthMax} are right, none of them NUL"));
        if (round.Payouts.Count > DebtsMax)
            throw new RefusedMessageException("RoundTooLarge", string.Create(CultureInfo.InvariantCulture, $"{round.Payouts.Count} debts are listed; a round has at most {DebtsMax}"));
    }
}
