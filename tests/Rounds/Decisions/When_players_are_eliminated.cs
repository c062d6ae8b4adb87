using System.Globalization;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;
using Payouts.Rounds.Trail;

namespace Payouts.Rounds.Tests.Decisions;

public sealed class When_players_are_eliminated
{
    /// <summary>The older backend's own examples: choices, stakes, yield in percent and seed, and who was out.</summary>
    [Theory]
    [InlineData("5.5", "test-seed-123", "HIGH 100,LOW 100,HIGH 150,LOW 50", "2,4", "179.1250000,229.1250000")]
    [InlineData("10", "payout-test", "HIGH 100,LOW 100,HIGH 100", "", "100.0000000,100.0000000,100.0000000")]
    [InlineData("5.5", "optional-seed", "HIGH 100,LOW 100", "1", "205.5000000")]
    internal void Should_replay_the_older_backend(string rate, string seed, string bets, string outPlayers, string paid)
    {
        var known = Bets(bets);
        var resolution = Resolve(new() { RoundId = "r", Winners = [], Policy = "seeded-threshold", Seed = seed, YieldRate = rate, Yield = "1000" }, known);
        resolution.Eliminated.ShouldBe(outPlayers.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => Tests.Game.Player(int.Parse(n, CultureInfo.InvariantCulture))), ignoreOrder: true);
        resolution.Payouts.Select(x => x.Amount.ToString()).ShouldBe(paid.Split(','), ignoreOrder: true);
    }

    /// <summary>Hashes as the older backend's own code computes them (run in Node.js).</summary>
    [Theory]
    [InlineData("HIGH5.5test-seed-123", 1773290985)]
    [InlineData("LOW5.5test-seed-123", 1203001431)]
    [InlineData("HIGH10payout-test", 1437975160)]
    [InlineData("LOW10payout-test", 1434390054)]
    [InlineData("HIGH5.5optional-seed", 1076963548)]
    [InlineData("LOW5.5optional-seed", 506673994)]
    internal void Should_hash_as_the_older_backend(string text, long hash) => SeededThresholdPolicy.Hash(text).ShouldBe(hash);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1e-7")]
    [InlineData(10, "0.000001")]
    [InlineData(55_000_000, "5.5")]
    [InlineData(100_000_000, "10")]
    internal void Should_write_a_rate_as_JavaScript_does(long rate, string text) => SeededThresholdPolicy.Number(new Stroops(rate)).ShouldBe(text);

    [Fact]
    public void Should_refuse_a_rate_that_the_yield_does_not_hold() =>
        RoundPolicies.Latest("seeded-threshold").Resolve(
            Read.Draw(new() { RoundId = "r", Winners = [], Policy = "seeded-threshold", Seed = "test-seed-123", YieldRate = "5.5", Yield = "8.2499999" }), Bets("HIGH 100,LOW 100,HIGH 150,LOW 50"))
            .Problems.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.OwedAbovePool);

    [Theory]
    [InlineData("a 10,b 20,b 30", "2,3", "60.0000000")]
    [InlineData("a 10,a 20,b 30,b 0,b 5", "3,4,5", "21.6666667,43.3333333")]
    [InlineData("a 10,b 10,b 10,- 4", "2,3,4", "34.0000000")]
    [InlineData("a 10,a 20", "", "10.0000000,20.0000000")]
    [InlineData("- 10,- 20", "1,2", "10.0000000,20.0000000")]
    [InlineData("a 0,b 10,b 20", "2,3", "10.0000000,20.0000000")]
    internal void Should_let_the_minority_survive(string bets, string outPlayers, string paid)
    {
        var resolution = Resolve(new() { RoundId = "r", Winners = [], Policy = "minority-wins", Seed = "s" }, Bets(bets));
        resolution.Eliminated.ShouldBe(outPlayers.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => Tests.Game.Player(int.Parse(n, CultureInfo.InvariantCulture))), ignoreOrder: true);
        resolution.Payouts.Select(x => x.Amount.ToString()).ShouldBe(paid.Split(','), ignoreOrder: true);
    }

    [Fact]
    public void Should_decide_a_tie_by_the_seed_and_favour_neither_choice()
    {
        var first = Enumerable.Range(0, 400).Count(n => MinorityWinsPolicy.TieBreak("a", "b", $"seed {n}") == 0);
        first.ShouldBeInRange(150, 250);
        var survivors = Enumerable.Range(0, 20).Select(n => Resolve(new() { RoundId = "r", Winners = [], Policy = "minority-wins", Seed = $"seed {n}" }, Bets("a 10,b 10")).Payouts.Single().Winner);
        survivors.Distinct().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("minority-wins", null, nameof(RefusalCode.SeedInvalid))]
    [InlineData("seeded-threshold", "s", nameof(RefusalCode.YieldRateInvalid))]
    internal void Should_ask_for_what_the_policy_needs(string policy, string? seed, string code) =>
        RoundPolicies.Latest(policy).Resolve(Read.Draw(new() { RoundId = "r", Winners = [], Policy = policy, Seed = seed }), Bets("a 1,b 1")).Problems[0].Code.ToString().ShouldBe(code);

    [Fact]
    public void Should_refuse_a_third_choice_where_a_minority_is_told() =>
        RoundPolicies.Latest("minority-wins").Resolve(Read.Draw(new() { RoundId = "r", Winners = [], Policy = "minority-wins", Seed = "s" }), Bets("a 1,b 1,c 1")).Problems[0].Code.ShouldBe(RefusalCode.ChoiceInvalid);

    /// <summary>ROUNDS_RANDOM says how many rounds; docs/rounds.md has the command for 100,000.</summary>
    [Fact(Timeout = 600_000)]
    public void Should_conserve_money_and_decide_the_same_whatever_the_order_and_the_culture()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("ROUNDS_RANDOM"), out var asked) ? asked : 3_000;
        var cultures = new[] { CultureInfo.InvariantCulture, Foreign() };
        for (var seed = 1; seed <= rounds; seed++)
        {
            var random = new Random(seed);
            var (draw, bets) = RandomRound(random, seed);
            CultureInfo.CurrentCulture = cultures[seed % 2];
            var policy = RoundPolicies.Latest(draw.Policy);
            var result = policy.Resolve(draw, bets);
            result.Problems.ShouldBeEmpty($"seed {seed}");
            var resolution = result.Resolution!;
            var stakes = bets.Values.Aggregate(Stroops.Zero, (sum, bet) => sum + bet.Stake);
            (resolution.Owed <= stakes + draw.Yield).ShouldBeTrue($"seed {seed}: {resolution.Owed} of {stakes} and {draw.Yield}");
            (resolution.Owed >= stakes).ShouldBeTrue($"seed {seed}: stakes vanish");
            resolution.Payouts.ShouldAllBe(x => x.Amount.IsPositive && !(resolution.Outcome == ResolutionOutcome.Won && resolution.Eliminated.Contains(x.Winner)), $"seed {seed}");

            var shuffled = bets.ToArray();
            random.Shuffle(shuffled);
            var again = policy.Resolve(draw, shuffled.ToDictionary(x => x.Key, x => x.Value, StringComparer.Ordinal)).Resolution!;
            Hash(policy, draw, shuffled.ToDictionary(x => x.Key, x => x.Value), again).ShouldBe(Hash(policy, draw, bets, resolution), $"seed {seed}");

            // Who stakes more does not get less.
            var player = shuffled[0].Key;
            var more = new Dictionary<string, Bet>(bets, StringComparer.Ordinal) { [player] = bets[player] with { Stake = bets[player].Stake + new Stroops(random.Next(1, 1000)) } };
            var raised = policy.Resolve(draw, more).Resolution!;
            if (resolution.Outcome == ResolutionOutcome.Won)
                (Paid(raised, player) >= Paid(resolution, player)).ShouldBeTrue($"seed {seed}: a higher stake paid less");
        }
    }

    // This host may have no cultures of its own: one that writes every number and date in another way.
    private static CultureInfo Foreign()
    {
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (foreign.NumberFormat.NegativeSign, foreign.NumberFormat.NumberDecimalSeparator, foreign.NumberFormat.PositiveSign) = ("minus", ",", "plus");
        (foreign.DateTimeFormat.DateSeparator, foreign.DateTimeFormat.TimeSeparator) = ("|", "!");
        return foreign;
    }

    private static (RoundDraw Draw, Dictionary<string, Bet> Bets) RandomRound(Random random, int seed)
    {
        // Most are small; one in a thousand has 10,000 players.
        var players = seed % 1000 == 0 ? 10_000 : random.Next(1, seed % 50 == 0 ? 300 : 12);
        var bets = new Dictionary<string, Bet>(StringComparer.Ordinal);
        for (var i = 0; i < players; i++)
            bets[Name(i)] = new Bet(new Stroops(random.Next(6) == 0 ? 0 : random.NextInt64(1, long.MaxValue)), random.Next(8) == 0 ? null : random.Next(3) == 0 ? "HIGH" : "LOW");
        var threshold = random.Next(2) == 0;
        return (Read.Draw(new GameRoundDrawn
        {
            RoundId = "r", Winners = [], Policy = threshold ? "seeded-threshold" : "minority-wins", Seed = $"seed {random.Next()}", YieldRate = threshold ? new Stroops(random.Next(0, 200_000_000)).ToString() : null,
            Yield = new Stroops((Int128)random.NextInt64(0, long.MaxValue) * (threshold ? 100_000 : 1)).ToString(),
        }) is var draw && threshold ? draw with { Yield = new Stroops(Int128.MaxValue / 4) } : draw, bets);
    }

    // An account's checksum is not what is tested here, and 10,000 of them take time.
    private static string Name(int i) => "G" + i.ToString("D55", CultureInfo.InvariantCulture);

    private static Stroops Paid(Resolution resolution, string player) => resolution.Payouts.FirstOrDefault(x => x.Winner == player)?.Amount ?? Stroops.Zero;

    private static string Hash(IRoundPolicy policy, RoundDraw draw, IReadOnlyDictionary<string, Bet> bets, Resolution resolution) =>
        TrailText.Hash(ResolutionText.Outcome(TrailText.Hash(ResolutionText.Inputs("r", policy, draw, bets)), resolution));

    private static Resolution Resolve(GameRoundDrawn drawn, Dictionary<string, Bet> bets)
    {
        var draw = Read.Draw(drawn);
        draw.Problems.ShouldBeEmpty();
        var result = RoundPolicies.Latest(draw.Policy).Resolve(draw, bets);
        result.Problems.ShouldBeEmpty();
        return result.Resolution!;
    }

    /// <summary>"CHOICE STAKE" of players 1, 2...; "-" chose nothing.</summary>
    private static Dictionary<string, Bet> Bets(string text) => text.Split(',').Select((bet, i) => (Player: Tests.Game.Player(i + 1), Bet: bet.Split(' ')))
        .ToDictionary(x => x.Player, x => new Bet(Stroops.Parse(x.Bet[1]), x.Bet[0] == "-" ? null : x.Bet[0]), StringComparer.Ordinal);
}
