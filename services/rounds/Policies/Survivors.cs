using Payouts.Contracts;
using Payouts.Rounds.Game;

namespace Payouts.Rounds.Policies;

/// <summary>What the policies have in common that eliminate players: survivors get their stakes back and share what the others lost.</summary>
internal static class Survivors
{
    /// <summary>What a draw may not bring when the policy itself decides who wins.</summary>
    public static List<Problem> Unexpected(RoundDraw draw, string policy) => draw.Winners.Count == 0
        ? []
        : [new Problem(RefusalCode.WinnersUnexpected, $"winners: {policy} decides who wins; leave the list empty")];

    /// <summary>
    /// The resolution. Nobody out: stakes go back and the yield stays with the house. Nobody left: stakes go back too, for a prize without a
    /// winner is nobody's.
    /// </summary>
    /// <param name="bets">Every player.</param>
    /// <param name="isOut">Who is eliminated.</param>
    /// <param name="yield">What is added to the losers' stakes.</param>
    /// <param name="byStake">The prize is shared by stake; otherwise equally.</param>
    public static Resolution Pay(IReadOnlyDictionary<string, Bet> bets, Func<Bet, bool> isOut, Stroops yield, bool byStake)
    {
        var eliminated = bets.Where(bet => isOut(bet.Value)).Select(bet => bet.Key).Order(StringComparer.Ordinal).ToList();
        var left = bets.Where(bet => !isOut(bet.Value)).ToList();
        // Who staked nothing wins nothing: where shares go by stake, survivors without one cannot be told winners.
        if (eliminated.Count == 0 || left.Count == 0 || (byStake && left.TrueForAll(bet => !bet.Value.Stake.IsPositive)))
            return Resolution.Refund(bets) with { Eliminated = eliminated };
        var lost = eliminated.Aggregate(Stroops.Zero, (sum, player) => sum + bets[player].Stake);
        var shares = LargestRemainder.Share(lost + yield, [.. left.Select(bet => (bet.Key, byStake ? bet.Value.Stake.Value : 1))]);
        return Resolution.Of(ResolutionOutcome.Won, shares.Select(share => (share.Winner, bets[share.Winner].Stake + share.Amount))) with { Eliminated = eliminated };
    }
}
