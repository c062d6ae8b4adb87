using CsCheck;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Policies;

namespace Payouts.Rounds.Tests.Decisions;

public sealed class When_winners_are_reported
{
    private static readonly ReportedPolicy Policy = new();
    private static readonly Gen<Int128> Stake = Gen.Frequency((4, Gen.Long[0, 10_000_000_000].Select(x => (Int128)x)), (1, Gen.Long[0, long.MaxValue].Select(x => (Int128)x * 100_000_000_000_000)));

    [Fact]
    public void Should_owe_the_reported_amounts()
    {
        var resolution = Resolve(Tests.Game.Drawn("r", (2, "0.0000001"), (1, "1")), Read.Stakes(10_000_000, 1));
        resolution.Outcome.ShouldBe(ResolutionOutcome.Won);
        resolution.Payouts.ToDictionary(x => x.Winner, x => x.Amount.Value).ShouldBe(new Dictionary<string, Int128> { [Tests.Game.Player(1)] = 10_000_000, [Tests.Game.Player(2)] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public void Should_refuse_one_stroop_too_much()
    {
        var drawn = Tests.Game.Drawn("r", (1, "1.0000002")) with { Yield = "0.0000001" };
        Problems(drawn, Read.Stakes(10_000_000)).ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.OwedAbovePool);
        Problems(drawn, Read.Stakes(10_000_001)).ShouldBeEmpty();
    }

    [Fact]
    public void Should_refuse_every_winner_who_did_not_enter() =>
        Problems(Tests.Game.Drawn("r", (1, "0.1"), (8, "0.1"), (9, "0.1")), Read.Stakes(10_000_000)).Select(x => (x.Code, x.Text.Split(':')[0])).ShouldBe(
            [(RefusalCode.WinnerNotInRound, "winners[1].player"), (RefusalCode.WinnerNotInRound, "winners[2].player")]);

    [Fact]
    public void Should_refund_every_stake_above_zero_when_nobody_wins()
    {
        var resolution = Resolve(Tests.Game.Drawn("r") with { Yield = "5" }, Read.Stakes(3, 0, 4));
        resolution.Outcome.ShouldBe(ResolutionOutcome.Refunded);
        resolution.Payouts.ToDictionary(x => x.Winner, x => x.Amount.Value).ShouldBe(new Dictionary<string, Int128> { [Tests.Game.Player(1)] = 3, [Tests.Game.Player(3)] = 4 }, ignoreOrder: true);
    }

    [Fact]
    public void Should_owe_nothing_in_a_round_without_money()
    {
        Resolve(Tests.Game.Drawn("r"), Read.Stakes()).Outcome.ShouldBe(ResolutionOutcome.NothingOwed);
        Resolve(Tests.Game.Drawn("r"), Read.Stakes(0, 0)).Outcome.ShouldBe(ResolutionOutcome.NothingOwed);
        Resolve(Tests.Game.DrawnByWeight("r", null, (1, 5)), Read.Stakes(0)).Outcome.ShouldBe(ResolutionOutcome.NothingOwed);
    }

    [Fact]
    public void Should_deal_leftover_stroops_to_the_largest_remainders()
    {
        // 10 stroops by 1:2:4 are 1.43, 2.86 and 5.71: the leftover two go to the second and the third.
        var payouts = Resolve(Tests.Game.DrawnByWeight("r", "0.0000001", (1, 1), (2, 2), (3, 4)), Read.Stakes(9, 0, 0)).Payouts.ToDictionary(x => x.Winner, x => x.Amount.Value);
        (payouts[Tests.Game.Player(1)], payouts[Tests.Game.Player(2)], payouts[Tests.Game.Player(3)]).ShouldBe(((Int128)1, (Int128)3, (Int128)6));
    }

    [Fact]
    public void Should_break_ties_by_account()
    {
        var payouts = Resolve(Tests.Game.DrawnByWeight("r", null, (1, 1), (2, 1), (3, 1)), Read.Stakes(5, 0, 0)).Payouts;
        payouts.Select(x => x.Winner).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        payouts.Select(x => x.Amount.Value).ShouldBe([2, 2, 1]);
    }

    [Fact]
    public void Should_share_by_weight_without_losing_or_making_a_stroop() =>
        Gen.Select(Stake.Array[1, 40], Gen.Long[1, RoundsOptions.WeightMax].Array[1, 40], Stake).Sample((stakes, weights, yields) =>
        {
            var known = Read.Stakes(stakes);
            var winners = weights.Take(stakes.Length).Select((weight, i) => (i + 1, weight)).ToArray();
            var pool = stakes.Aggregate(yields, (sum, stake) => sum + stake);
            var shares = Resolve(Tests.Game.DrawnByWeight("r", new Stroops(yields).ToString(), winners), known);
            shares.Owed.Value.ShouldBe(pool);
            shares.Payouts.ShouldAllBe(x => x.Amount.Value > 0);
            var total = winners.Aggregate((System.Numerics.BigInteger)0, (sum, x) => sum + x.weight);
            foreach (var (player, weight) in winners)
            {
                // Nobody is more than a stroop away from the exact share.
                var exact = (System.Numerics.BigInteger)pool * weight;
                var got = (System.Numerics.BigInteger)(shares.Payouts.FirstOrDefault(x => x.Winner == Tests.Game.Player(player))?.Amount.Value ?? 0) * total;
                System.Numerics.BigInteger.Abs(got - exact).ShouldBeLessThan(total);
            }
        }, iter: 300, seed: "0001mU32tpv2");

    [Fact]
    public void Should_decide_the_same_for_any_order_of_winners() =>
        Gen.Select(Stake.Array[2, 30], Gen.Long[1, 1000].Array[30], Gen.Int[0, int.MaxValue]).Sample((stakes, weights, seed) =>
        {
            var winners = stakes.Select((_, i) => (i + 1, weights[i] % 5 + 1)).ToArray();
            var shuffled = winners.ToArray();
            new Random(seed).Shuffle(shuffled);
            Resolve(Tests.Game.DrawnByWeight("r", null, shuffled), Read.Stakes(stakes)).Payouts.ShouldBe(Resolve(Tests.Game.DrawnByWeight("r", null, winners), Read.Stakes(stakes)).Payouts);
        }, iter: 200, seed: "0001mU32tpv2");

    [Fact]
    public void Should_refund_exactly_what_was_staked() =>
        Stake.Array[0, 40].Sample(stakes =>
            Resolve(Tests.Game.Drawn("r"), Read.Stakes(stakes)).Owed.Value.ShouldBe(stakes.Aggregate((Int128)0, (sum, stake) => sum + stake)), iter: 200, seed: "0001mU32tpv2");

    private static Resolution Resolve(GameRoundDrawn drawn, Dictionary<string, Bet> stakes)
    {
        var read = Read.Draw(drawn);
        read.Problems.ShouldBeEmpty();
        var result = Policy.Resolve(read, stakes);
        result.Problems.ShouldBeEmpty();
        return result.Resolution!;
    }

    private static IReadOnlyList<Problem> Problems(GameRoundDrawn drawn, Dictionary<string, Bet> stakes) => Policy.Resolve(Read.Draw(drawn), stakes).Problems;
}
