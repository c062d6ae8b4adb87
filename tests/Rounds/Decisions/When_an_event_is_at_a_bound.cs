using System.Globalization;
using Payouts.Contracts;
using Payouts.Rounds.Game;

namespace Payouts.Rounds.Tests.Decisions;

/// <summary>What an event may hold: the bound is taken, one more is refused by its own code.</summary>
public sealed class When_an_event_is_at_a_bound
{
    private const string AmountMax = "100000000000000000000000000";
    private static readonly string Player = Tests.Game.Player(1);

    [Theory]
    [InlineData(10_000, null)]
    [InlineData(10_001, nameof(RefusalCode.TooManyEntries))]
    public void Should_list_10000_entries(int entries, string? code) => Problems(GameEventReader.Read(new GameRoundEntered
    {
        RoundId = "r", Entries = [.. Enumerable.Range(1, entries).Select(n => new RoundEntry { Player = Tests.Game.Player(n), Stake = "1" })],
    })).ShouldBe(code);

    [Theory]
    [InlineData(10_000, null)]
    [InlineData(10_001, nameof(RefusalCode.TooManyWinners))]
    public void Should_list_10000_winners(int winners, string? code) => Problems(GameEventReader.Read(new GameRoundDrawn
    {
        RoundId = "r", Winners = [.. Enumerable.Range(1, winners).Select(n => new RoundWinner { Player = Tests.Game.Player(n), Weight = 1 })],
    })).ShouldBe(code);

    [Theory]
    [InlineData(200, null)]
    [InlineData(201, nameof(RefusalCode.SeedInvalid))]
    public void Should_have_a_seed_of_200_characters(int length, string? code) =>
        Problems(GameEventReader.Read(new GameRoundDrawn { RoundId = "r", Winners = [], Seed = new string('s', length) })).ShouldBe(code);

    [Theory]
    [InlineData("1000000", null)]
    [InlineData("1000000.0000001", nameof(RefusalCode.YieldRateInvalid))]
    public void Should_yield_a_million_percent(string rate, string? code) =>
        Problems(GameEventReader.Read(new GameRoundDrawn { RoundId = "r", Winners = [], YieldRate = rate })).ShouldBe(code);

    [Theory]
    [InlineData(-1, nameof(RefusalCode.EntryCountInvalid))]
    [InlineData(0, null)]
    [InlineData(10_000, null)]
    [InlineData(10_001, nameof(RefusalCode.EntryCountInvalid))]
    public void Should_count_10000_entries(int count, string? code) => Problems(GameEventReader.Read(Tests.Game.Closed("r", count))).ShouldBe(code);

    [Theory]
    [InlineData(1, null)]
    [InlineData(100, null)]
    [InlineData(101, nameof(RefusalCode.RoundIdInvalid))]
    public void Should_have_a_name_of_100_characters(int length, string? code) => Problems(GameEventReader.Read(Tests.Game.Closed(new string('x', length), 1))).ShouldBe(code);

    [Theory]
    [InlineData(1, null)]
    [InlineData(32, null)]
    [InlineData(33, nameof(RefusalCode.SymbolInvalid))]
    public void Should_have_a_symbol_of_32_characters(int length, string? code) =>
        Problems(GameEventReader.Read(Tests.Game.Opened() with { Context = new string('x', length) })).ShouldBe(code);

    [Theory]
    [InlineData(0, nameof(RefusalCode.WeightInvalid))]
    [InlineData(1, null)]
    [InlineData(1_000_000_000_000, null)]
    [InlineData(1_000_000_000_001, nameof(RefusalCode.WeightInvalid))]
    public void Should_weigh_a_winner_with_a_million_millions(long weight, string? code) =>
        GameEventReader.Read(Tests.Game.DrawnByWeight("r", null, (1, weight))).Problems.Select(x => x.Code.ToString()).FirstOrDefault().ShouldBe(code);

    [Theory]
    [InlineData(AmountMax, null)]
    [InlineData(AmountMax + ".0000001", nameof(RefusalCode.AmountInvalid))]
    public void Should_stake_what_no_sum_of_a_round_can_overflow(string stake, string? code)
    {
        Problems(GameEventReader.Read(new GameRoundEntered { RoundId = "r", Entries = [new RoundEntry { Player = Player, Stake = stake }] })).ShouldBe(code);
        // Ten thousand stakes and a yield of that size.
        _ = checked(Stroops.Parse(AmountMax).Value * 10_001);
    }

    [Theory]
    [InlineData(99, 99, null)]
    [InlineData(100, 100, null)]
    [InlineData(101, 101, "and 1 more problems")]
    [InlineData(150, 101, "and 50 more problems")]
    public void Should_name_100_problems(int problems, int texts, string? last)
    {
        var refusal = new Refusal([.. Enumerable.Range(0, problems).Select(n => new Problem(RefusalCode.AmountInvalid, n.ToString(CultureInfo.InvariantCulture)))]);
        refusal.Texts.Count.ShouldBe(texts);
        if (last is not null)
            refusal.Texts[^1].ShouldBe(last);
    }

    [Theory]
    [InlineData(60, "")]
    [InlineData(61, "...")]
    public void Should_repeat_60_characters_of_what_is_no_symbol(int length, string end) =>
        GameEventReader.Read(Tests.Game.Opened() with { Context = new string('-', length) }).Problems.ShouldHaveSingleItem().Text.ShouldStartWith($"context: \"{new string('-', 60)}{end}\" is not");

    private static string? Problems(GameEvent read) => read.Problems.Count == 0 ? null : read.Problems.ShouldHaveSingleItem().Code.ToString();
}
