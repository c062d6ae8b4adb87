using Payouts.Contracts;
using Payouts.Rounds.Game;
using static Payouts.Rounds.Game.FieldChecks;

namespace Payouts.Rounds.Policies;

/// <summary>
/// The game reports the winners: with amounts, of which the sum stays within stakes plus yield (the rest is the house's), or with
/// weights, which share stakes plus yield to the last stroop. Without a winner every stake above zero is refunded and the yield stays
/// with the house.
/// </summary>
internal sealed class ReportedPolicy : IRoundPolicy
{
    public string Name => "reported";

    public int Version => 1;

    public PolicyResult Resolve(RoundDraw draw, IReadOnlyDictionary<string, Bet> bets)
    {
        var problems = draw.Winners.Where(winner => !bets.ContainsKey(winner.Player))
            .Select(winner => new Problem(RefusalCode.WinnerNotInRound, $"{At("winners", winner.Index, "player")}: {winner.Player} did not enter the round"))
            .ToList();
        var pool = bets.Values.Aggregate(draw.Yield, (sum, bet) => sum + bet.Stake);
        var owed = draw.Winners.Aggregate(Stroops.Zero, (sum, winner) => sum + (winner.Amount ?? Stroops.Zero));
        if (owed > pool)
            problems.Add(new Problem(RefusalCode.OwedAbovePool, $"winners: get {owed}, but stakes and yield are {pool}"));
        if (draw.YieldRate is not null)
            problems.Add(new Problem(RefusalCode.YieldRateInvalid, "yieldRate: reported takes none; name the policy that does"));
        // With problems of its own the draw's winners may be incomplete: whatever came of them would be wrong.
        if (problems.Count > 0 || draw.Problems.Count > 0)
            return problems;

        if (draw.Winners.Count == 0)
            return Resolution.Refund(bets);
        return Resolution.Of(ResolutionOutcome.Won, draw.Winners[0].Weight is null
            ? draw.Winners.Select(winner => (winner.Player, winner.Amount!.Value))
            : LargestRemainder.Share(pool, [.. draw.Winners.Select(winner => (winner.Player, (Int128)winner.Weight!.Value))]));
    }
}
