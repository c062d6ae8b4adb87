using System.Globalization;
using System.Numerics;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Tests.Decisions;

/// <summary>What every policy promises, on rounds that nobody chose.</summary>
public sealed class When_rounds_are_random
{
    /// <summary>ROUNDS_RANDOM says how many rounds; docs/rounds.md has the command for 100,000.</summary>
    private const int RoundsDefault = 3_000;

    // This host has no cultures of its own: these write numbers and dates in ways that no part of a hash may follow.
    private static readonly CultureInfo[] Cultures = [CultureInfo.InvariantCulture, Foreign(",", "minus", ".", "|"), Foreign("٫", "؜-", "٬", "/"), Foreign("'", "~", " ", ":")];

    [Fact(Timeout = 600_000)]
    public void Should_conserve_money_and_decide_the_same_whatever_the_order_and_the_culture()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("ROUNDS_RANDOM"), out var asked) ? asked : RoundsDefault;
        var ended = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 1; seed <= rounds; seed++)
        {
            var round = RandomRound.Of(seed);
            var (resolution, draw, hash) = Resolve(round, CultureInfo.InvariantCulture, seed);
            ended[$"{draw.Policy} {resolution.Outcome}"] = ended.GetValueOrDefault($"{draw.Policy} {resolution.Outcome}") + 1;
            Conserves(round, draw, resolution, seed);
            EliminatesByItsRule(round, draw, resolution, seed);
            SharesExactly(round, draw, resolution, seed);
            foreach (var culture in Cultures)
                Resolve(Shuffled(round, seed), culture, seed).Hash.ShouldBe(hash, $"seed {seed}, {Array.IndexOf(Cultures, culture)}");
            PaysNoLessForMore(round, draw, resolution, seed);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", ended.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Key} {x.Value}")));
        foreach (var policy in RoundPolicies.Names)
            foreach (var outcome in new[] { ResolutionOutcome.Won, ResolutionOutcome.Refunded, ResolutionOutcome.NothingOwed })
                ended.GetValueOrDefault($"{policy} {outcome}").ShouldBeGreaterThan(0, $"no round ended {outcome} under {policy}");
    }

    /// <summary>Nobody is owed who did not play, nobody twice, nothing that stakes and yield do not hold; what is owed back is the stake.</summary>
    private static void Conserves(RandomRound round, RoundDraw draw, Resolution resolution, int seed)
    {
        var (bets, payouts) = (round.Bets.ToDictionary(StringComparer.Ordinal), resolution.Payouts);
        var eliminated = resolution.Eliminated.ToHashSet(StringComparer.Ordinal);
        void Require(bool holds, string otherwise) => holds.ShouldBeTrue($"seed {seed}, {draw.Policy}: {otherwise}");
        Require(resolution.Owed == payouts.Aggregate(Stroops.Zero, (sum, payout) => sum + payout.Amount), "the debts have another sum");
        Require(resolution.Owed <= round.Stakes + draw.Yield, $"{resolution.Owed} are owed of {round.Stakes} and {draw.Yield}");
        Require(payouts.All(payout => payout.Amount.IsPositive && bets.ContainsKey(payout.Winner)), "somebody is owed nothing, or did not play");
        Require(IsSorted([.. payouts.Select(payout => payout.Winner)]), "debts are not in order, or one is twice");
        Require(IsSorted(resolution.Eliminated) && eliminated.All(bets.ContainsKey), "who is out is not in order, twice, or did not play");
        switch (resolution.Outcome)
        {
            case ResolutionOutcome.Refunded:
                Require(payouts.Count == bets.Values.Count(bet => bet.Stake.IsPositive) && payouts.All(payout => payout.Amount == bets[payout.Winner].Stake), "what is owed back is not the stakes");
                break;
            case ResolutionOutcome.NothingOwed:
                Require(resolution.Owed == Stroops.Zero && round.Stakes == Stroops.Zero, "stakes vanish");
                break;
            case ResolutionOutcome.Won when draw.Policy != "reported":
                // Under "reported" the house may keep what it likes; here the stakes are the players'.
                Require(resolution.Owed >= round.Stakes, "stakes vanish");
                Require(payouts.All(payout => payout.Amount >= bets[payout.Winner].Stake && !eliminated.Contains(payout.Winner)), "a survivor gets less than the stake, or one who is out gets something");
                break;
        }
    }

    /// <summary>Who made the same choice has the same fate, who made none is out, and of two choices the one of more players never survives.</summary>
    private static void EliminatesByItsRule(RandomRound round, RoundDraw draw, Resolution resolution, int seed)
    {
        var eliminated = resolution.Eliminated.ToHashSet(StringComparer.Ordinal);
        if (draw.Policy == "reported")
        {
            eliminated.ShouldBeEmpty($"seed {seed}");
            return;
        }

        var fates = round.Bets.GroupBy(bet => bet.Value.Choice ?? "").ToDictionary(choice => choice.Key, choice => (Players: choice.Count(), Out: choice.Count(bet => eliminated.Contains(bet.Key))));
        fates.ShouldAllBe(choice => choice.Value.Out == choice.Value.Players || (choice.Value.Out == 0 && choice.Key.Length > 0), $"seed {seed}: a choice has two fates, or none survives");
        if (draw.Policy == "minority-wins" && fates.TryGetValue("HIGH", out var high) && fates.TryGetValue("LOW", out var low))
            (high.Out == 0 ? high.Players <= low.Players && low.Out > 0 : low.Players <= high.Players && low.Out == 0).ShouldBeTrue($"seed {seed}: {high.Players} chose HIGH and {low.Players} LOW");
    }

    private static bool IsSorted(IReadOnlyList<string> names) => Enumerable.Range(1, Math.Max(0, names.Count - 1)).All(i => string.CompareOrdinal(names[i - 1], names[i]) < 0);

    /// <summary>The whole prize is dealt, and nobody gets a stroop more or less than the exact share rounded up or down; reckoned here in another way than the policies do.</summary>
    private static void SharesExactly(RandomRound round, RoundDraw draw, Resolution resolution, int seed)
    {
        if (resolution.Outcome != ResolutionOutcome.Won)
            return;
        var bets = round.Bets.ToDictionary(StringComparer.Ordinal);
        var lost = resolution.Eliminated.Aggregate((BigInteger)0, (sum, player) => sum + (BigInteger)bets[player].Stake.Value);
        var eliminated = resolution.Eliminated.ToHashSet(StringComparer.Ordinal);
        var survivors = bets.Where(bet => !eliminated.Contains(bet.Key)).ToDictionary(StringComparer.Ordinal);
        var (prize, weights) = draw.Policy switch
        {
            "reported" when draw.Winners[0].Weight is not null => ((BigInteger)(round.Stakes + draw.Yield).Value, draw.Winners.ToDictionary(x => x.Player, x => (BigInteger)x.Weight!.Value)),
            "reported" => ((BigInteger)0, draw.Winners.ToDictionary(x => x.Player, _ => (BigInteger)1)),
            "minority-wins" => (lost + (BigInteger)draw.Yield.Value, survivors.ToDictionary(x => x.Key, x => (BigInteger)x.Value.Stake.Value)),
            _ => (lost + BigInteger.Divide(lost * (BigInteger)draw.YieldRate!.Value.Value, 1_000_000_000), survivors.ToDictionary(x => x.Key, _ => (BigInteger)1)),
        };
        var owedBefore = draw.Policy != "reported" ? survivors.ToDictionary(x => x.Key, x => (BigInteger)x.Value.Stake.Value)
            : draw.Winners.ToDictionary(x => x.Player, x => (BigInteger)(x.Amount?.Value ?? 0));
        var total = weights.Values.Aggregate((BigInteger)0, (sum, weight) => sum + weight);
        var paid = resolution.Payouts.ToDictionary(x => x.Winner, x => (BigInteger)x.Amount.Value, StringComparer.Ordinal);
        var dealt = (BigInteger)0;
        foreach (var (player, weight) in weights)
        {
            var share = paid.GetValueOrDefault(player) - owedBefore[player];
            dealt += share;
            (BigInteger.Abs(share * total - prize * weight) < total).ShouldBeTrue($"seed {seed}: {player} gets {share} of {prize} for {weight} of {total}");
        }

        dealt.ShouldBe(prize, $"seed {seed}: stroops are lost or made");
    }

    /// <summary>Where shares depend on stakes, who stakes more does not get less.</summary>
    private static void PaysNoLessForMore(RandomRound round, RoundDraw draw, Resolution resolution, int seed)
    {
        if (resolution.Outcome != ResolutionOutcome.Won || draw.Policy == "reported")
            return;
        var random = new Random(-seed);
        var (player, bet) = round.Bets[random.Next(round.Bets.Count)];
        var more = bet with { Stake = bet.Stake + new Stroops(random.Next(1, 1000)) };
        var raised = Resolve(round with { Bets = [.. round.Bets.Select(x => x.Key == player ? KeyValuePair.Create(player, more) : x)] }, CultureInfo.InvariantCulture, seed).Resolution;
        raised.Eliminated.SequenceEqual(resolution.Eliminated).ShouldBeTrue($"seed {seed}: a stake changed who is out");
        (Paid(raised, player) >= Paid(resolution, player)).ShouldBeTrue($"seed {seed}: a higher stake of {player} paid less");
    }

    /// <summary>The same facts in another order.</summary>
    private static RandomRound Shuffled(RandomRound round, int seed)
    {
        var (random, bets, winners) = (new Random(seed + 1), round.Bets.ToArray(), round.Drawn.Winners.ToArray());
        random.Shuffle(bets);
        random.Shuffle(winners);
        return round with { Bets = bets, Drawn = round.Drawn with { Winners = winners } };
    }

    private static (Resolution Resolution, RoundDraw Draw, string Hash) Resolve(RandomRound round, CultureInfo culture, int seed)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            var (draw, bets) = (Read.Draw(round.Drawn), round.Bets.ToDictionary(StringComparer.Ordinal));
            draw.Problems.ShouldBeEmpty($"seed {seed}");
            var policy = RoundPolicies.Latest(draw.Policy);
            var result = policy.Resolve(draw, bets);
            result.Problems.ShouldBeEmpty($"seed {seed}");
            return (result.Resolution!, draw, draw.Digest + TrailText.Hash(ResolutionText.Outcome(TrailText.Hash(ResolutionText.Inputs("r", policy, draw, bets)), result.Resolution!)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static Stroops Paid(Resolution resolution, string player) => resolution.Payouts.FirstOrDefault(x => x.Winner == player)?.Amount ?? Stroops.Zero;

    private static CultureInfo Foreign(string point, string minus, string group, string date)
    {
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (foreign.NumberFormat.NumberDecimalSeparator, foreign.NumberFormat.NegativeSign, foreign.NumberFormat.NumberGroupSeparator) = (point, minus, group);
        (foreign.NumberFormat.PositiveSign, foreign.NumberFormat.NumberGroupSizes, foreign.NumberFormat.NumberDecimalDigits) = ("plus", [2], 3);
        (foreign.DateTimeFormat.DateSeparator, foreign.DateTimeFormat.TimeSeparator) = (date, "!");
        return foreign;
    }
}
