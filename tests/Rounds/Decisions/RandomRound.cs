using System.Globalization;
using Payouts.Contracts;
using Payouts.Rounds.Policies;

namespace Payouts.Rounds.Tests.Decisions;

/// <summary>A round that a seed makes up, as its game would report it.</summary>
internal sealed record RandomRound(GameRoundDrawn Drawn, IReadOnlyList<KeyValuePair<string, Bet>> Bets)
{
    /// <summary>Far above what any rate of these rounds yields, within what a draw may name.</summary>
    private static readonly Stroops PlentyOfYield = new(Int128.Parse("1" + new string('0', 33), CultureInfo.InvariantCulture));

    private static readonly List<string> Players = [];

    public Stroops Stakes => Bets.Aggregate(Stroops.Zero, (sum, bet) => sum + bet.Value.Stake);

    /// <summary>The policies take turns; most rounds are small, one in a thousand has 10,000 players.</summary>
    public static RandomRound Of(int seed)
    {
        var random = new Random(seed);
        var players = seed % 1000 == 0 ? 10_000 : random.Next(1, seed % 50 == 0 ? 300 : 12);
        var bets = Enumerable.Range(0, players).Select(n => KeyValuePair.Create(Player(n), new Bet(Stake(random), random.Next(8) == 0 ? null : random.Next(3) == 0 ? "HIGH" : "LOW"))).ToList();
        var policy = RoundPolicies.Names[seed / 2 % RoundPolicies.Names.Count];
        var drawn = new GameRoundDrawn { RoundId = "r", Winners = [], Policy = policy, Seed = $"seed {random.Next()}" };
        return new RandomRound(policy switch
        {
            "reported" => Reported(drawn, bets, random),
            "minority-wins" => drawn with { Yield = Stake(random).ToString() },
            "seeded-threshold" => drawn with { YieldRate = new Stroops(random.Next(0, 200_000_000)).ToString(), Yield = PlentyOfYield.ToString() },
            _ => throw new InvalidOperationException($"policy {policy} is new: say what its draws are like"),
        }, bets);
    }

    private static GameRoundDrawn Reported(GameRoundDrawn drawn, List<KeyValuePair<string, Bet>> bets, Random random)
    {
        var yields = Stake(random);
        var winners = bets.Where(_ => random.Next(3) == 0).Select(bet => bet.Key).ToArray();
        random.Shuffle(winners);
        drawn = drawn with { Yield = yields.ToString() };
        if (random.Next(2) == 0)
            return drawn with { Winners = [.. winners.Select(winner => new RoundWinner { Player = winner, Weight = random.Next(4) == 0 ? random.NextInt64(1, RoundsOptions.WeightMax + 1) : random.Next(1, 5) })] };
        // Each takes at most an equal part, sometimes all of it: then not one stroop more could be owed.
        var part = winners.Length == 0 ? 0 : bets.Aggregate(yields.Value, (sum, bet) => sum + bet.Value.Stake.Value) / winners.Length;
        return part == 0
            ? drawn
            : drawn with { Winners = [.. winners.Select(winner => new RoundWinner { Player = winner, Amount = new Stroops(random.Next(2) == 0 ? part : 1 + (part - 1) * random.Next(1000) / 1000).ToString() })] };
    }

    private static Stroops Stake(Random random) => random.Next(6) switch
    {
        0 => Stroops.Zero,
        1 => new Stroops(random.Next(1, 4)),
        2 => new Stroops((Int128)random.NextInt64(1, long.MaxValue) * 1_000_000_000),
        _ => new Stroops(random.NextInt64(1, long.MaxValue)),
    };

    private static string Player(int n)
    {
        while (Players.Count <= n)
            Players.Add(Tests.Game.Player(Players.Count));
        return Players[n];
    }
}
