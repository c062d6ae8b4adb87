using System.Globalization;
using System.Numerics;
using Payouts.Contracts;
using Payouts.Rounds.Game;

namespace Payouts.Rounds.Policies;

/// <summary>
/// The rule of an older backend, kept so that its rounds can be replayed: everybody who made the same choice has the same fate, which is a hash
/// of choice, yield in percent and seed. Who is out is its outcome exactly. What survivors get is its formula (the stake, and an equal share of
/// the losers' stakes with the rate of yield on them) in whole stroops, which that backend computed in floating point. Where nobody is left it
/// paid nobody; here stakes go back.
/// </summary>
/// <remarks>Not for new games: the players can compute the outcome of each choice as soon as they know the seed, and often nobody or everybody is out.</remarks>
internal sealed class SeededThresholdPolicy : IRoundPolicy
{
    private const int Percent = 100;

    public string Name => "seeded-threshold";

    public int Version => 1;

    public PolicyResult Resolve(RoundDraw draw, IReadOnlyDictionary<string, Bet> bets)
    {
        var problems = Survivors.Unexpected(draw, Name);
        if (draw.YieldRate is not { } rate)
            problems.Add(new Problem(RefusalCode.YieldRateInvalid, "yieldRate: is absent; seeded-threshold hashes it; write a percentage such as \"5.5\""));
        else if (problems.Count == 0 && draw.Problems.Count == 0)
            return Decide(draw, rate, bets);
        return problems;
    }

    private static PolicyResult Decide(RoundDraw draw, Stroops rate, IReadOnlyDictionary<string, Bet> bets)
    {
        var fates = bets.Values.Select(bet => bet.Choice).Distinct().Where(choice => choice is not null)
            .ToDictionary(choice => choice!, choice => IsOut(choice!, rate, draw.Seed), StringComparer.Ordinal);
        // It counted a player without a choice among those who are out, once it knew of them at all.
        bool Out(Bet bet) => bet.Choice is null || fates[bet.Choice];
        var lost = bets.Values.Where(Out).Aggregate(Stroops.Zero, (sum, bet) => sum + bet.Stake);
        var interest = new Stroops((Int128)((BigInteger)lost.Value * (BigInteger)rate.Value / ((BigInteger)Percent * Stroops.PerUnit)));
        if (interest > draw.Yield)
            return new List<Problem> { new(RefusalCode.OwedAbovePool, $"yield: the losers' stakes of {lost} yield {interest} at {rate} percent, but only {draw.Yield} is there") };
        return Survivors.Pay(bets, Out, interest, byStake: false);
    }

    /// <summary>The older backend's threshold below one half: the last two digits of its hash below 50.</summary>
    internal static bool IsOut(string choice, Stroops rate, string? seed) => Hash(choice + Number(rate) + seed) % 100 < 50;

    /// <summary>Its hash: 31 h + c over UTF-16 code units in 32 bits, without the sign.</summary>
    internal static long Hash(string text)
    {
        var hash = 0;
        foreach (var c in text)
            hash = unchecked((hash * 31) + c);
        return Math.Abs((long)hash);
    }

    /// <summary>The rate as JavaScript writes the number: no zeros at the end, and an exponent below a millionth.</summary>
    internal static string Number(Stroops rate) => rate.Value > 0 && rate.Value < 10
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)rate.Value}e-7")
        : rate.ToString().TrimEnd('0').TrimEnd('.');
}
