using System.Numerics;
using Payouts.Contracts;

namespace Payouts.Rounds.Policies;

/// <summary>Shares a sum by weights so that the shares add up to it exactly.</summary>
internal static class LargestRemainder
{
    /// <summary>
    /// Everybody gets the whole stroops of the exact share; the stroops left over, fewer than there are weights, go one each to the
    /// largest remainders, ties to the account that sorts first.
    /// </summary>
    /// <param name="pool">What is shared.</param>
    /// <param name="weights">Zero or more each, not all zero.</param>
    public static IReadOnlyList<(string Winner, Stroops Amount)> Share(Stroops pool, IReadOnlyList<(string Winner, Int128 Weight)> weights)
    {
        var total = weights.Aggregate(BigInteger.Zero, (sum, x) => sum + (BigInteger)x.Weight);
        var shares = weights.Select(x =>
        {
            // A sum of stakes times a weight that may be a stake itself: wider than Int128.
            var whole = BigInteger.DivRem((BigInteger)pool.Value * (BigInteger)x.Weight, total, out var remainder);
            return (x.Winner, Whole: (Int128)whole, Remainder: remainder);
        }).OrderByDescending(x => x.Remainder).ThenBy(x => x.Winner, StringComparer.Ordinal).ToList();
        var left = shares.Aggregate(pool.Value, (rest, x) => rest - x.Whole);
        return [.. shares.Select((x, rank) => (x.Winner, new Stroops(x.Whole + (rank < left ? 1 : 0))))];
    }
}
