using System.Globalization;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;

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
