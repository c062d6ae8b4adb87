using System.Globalization;
using Payouts.Contracts;
using Payouts.Rounds.Game;

namespace Payouts.Rounds.Tests.Decisions;

public sealed class When_an_event_is_read
{
    private static readonly string Good = Tests.Game.Player(1);

    [Fact]
    public void Should_find_nothing_wrong_with_a_valid_event()
    {
        var read = GameEventReader.Read(Entered(new RoundEntry { Player = Good, Stake = "0.0000001" }));
        read.Problems.ShouldBeEmpty();
        read.Entries.ShouldBe([new Entry(0, Good, new Stroops(1))]);
    }

    [Theory]
    [InlineData("-1", "is negative")]
    [InlineData("0.00000001", "8 decimals")]
    [InlineData("", "is empty")]
    [InlineData("1e5", "not a decimal")]
    [InlineData("1,5", "not a decimal")]
    [InlineData("100000000000000000000000001", "the most that is taken")]
    public void Should_refuse_a_stake(string stake, string reason) =>
        GameEventReader.Read(Entered(new RoundEntry { Player = Good, Stake = stake })).Problems
            .ShouldHaveSingleItem().ShouldSatisfyAllConditions(x => x.Code.ShouldBe(RefusalCode.AmountInvalid), x => x.Text.ShouldStartWith("entries[0].stake: "), x => x.Text.ShouldContain(reason));

    [Fact]
    public void Should_refuse_what_is_no_account()
    {
        var mistyped = Good[..10] + (Good[10] == 'A' ? 'B' : 'A') + Good[11..];
        var secret = "S" + Good[1..];
        var read = GameEventReader.Read(Entered(new RoundEntry { Player = mistyped, Stake = "1" }, new RoundEntry { Player = secret, Stake = "1" }, new RoundEntry { Player = "", Stake = "1" }, null!));
        read.Entries.ShouldBeEmpty();
        read.Problems.Select(x => x.Code).ShouldAllBe(code => code == RefusalCode.AccountInvalid);
        read.Problems[0].Text.ShouldContain("checksum");
        read.Problems[1].Text.ShouldNotContain(secret);
        read.Problems.Select(x => x.Text.Split(':')[0]).ShouldBe(["entries[0].player", "entries[1].player", "entries[2].player", "entries[3]"]);
    }

    [Fact]
    public void Should_name_every_problem_with_its_place()
    {
        var read = GameEventReader.Read(new GameRoundDrawn
        {
            RoundId = "r",
            Yield = "-2",
            Winners =
            [
                new RoundWinner { Player = Good, Amount = "1" },
                new RoundWinner { Player = Good, Amount = "0" },
                new RoundWinner { Player = "G123", Amount = "1", Weight = 1 },
                new RoundWinner { Player = Tests.Game.Player(2) },
                new RoundWinner { Player = Tests.Game.Player(3), Weight = 0 },
            ],
        });
        read.Problems.Select(x => (x.Code, x.Text.Split(':')[0])).ShouldBe(
            [
                (RefusalCode.AmountInvalid, "yield"),
                (RefusalCode.AmountInvalid, "winners[1].amount"),
                (RefusalCode.DuplicateWinner, "winners[1].player"),
                (RefusalCode.AccountInvalid, "winners[2].player"),
                (RefusalCode.PrizeUnclear, "winners[2]"),
                (RefusalCode.PrizeUnclear, "winners[3]"),
                (RefusalCode.WeightInvalid, "winners[4].weight"),
                (RefusalCode.PrizeUnclear, "winners"),
            ]);
    }

    [Fact]
    public void Should_refuse_a_player_who_is_listed_twice() =>
        GameEventReader.Read(Entered(new RoundEntry { Player = Good, Stake = "1" }, new RoundEntry { Player = Good, Stake = "1" })).Problems
            .ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.DuplicatePlayer);

    [Fact]
    public void Should_refuse_an_event_without_entries_or_with_too_many()
    {
        GameEventReader.Read(Entered()).Problems.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.EntriesMissing);
        GameEventReader.Read(Entered([.. Enumerable.Repeat(new RoundEntry { Player = Good, Stake = "1" }, 10_001)])).Problems
            .ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.TooManyEntries);
        GameEventReader.Read(new GameRoundDrawn { RoundId = "r", Winners = [.. Enumerable.Repeat(new RoundWinner { Player = Good, Weight = 1 }, 10_001)] }).Problems
            .ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.TooManyWinners);
        GameEventReader.Read(Tests.Game.Closed("r", -1)).Problems.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.EntryCountInvalid);
        GameEventReader.Read(Tests.Game.Closed("r", 10_001)).Problems.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.EntryCountInvalid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("dash-ed")]
    [InlineData("äther")]
    [InlineData("a123456789b123456789c123456789d12")]
    public void Should_refuse_what_is_no_symbol(string symbol) =>
        GameEventReader.Read(Tests.Game.Opened() with { Context = symbol, Currency = symbol }).Problems.Select(x => (x.Code, x.Text.Split(':')[0]))
            .ShouldBe([(RefusalCode.SymbolInvalid, "context"), (RefusalCode.SymbolInvalid, "currency")]);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("line\nfeed")]
    [InlineData("nul\0")]
    public void Should_refuse_a_name_that_cannot_be_kept(string roundId)
    {
        var refused = GameEventReader.Read(Tests.Game.Closed(roundId, 1)).Problems.ShouldHaveSingleItem();
        refused.Code.ShouldBe(RefusalCode.RoundIdInvalid);
    }

    [Fact]
    public void Should_refuse_a_name_with_half_a_surrogate_pair() =>
        GameEventReader.Read(Tests.Game.Closed("half " + (char)0xD83D + " pair", 1)).Problems.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.RoundIdInvalid);

    [Fact]
    public void Should_keep_a_name_of_a_hundred_characters() =>
        GameEventReader.Read(Tests.Game.Closed(new string('x', 100), 1)).Problems.ShouldBeEmpty();

    [Fact]
    public void Should_never_repeat_a_control_character_in_a_problem() =>
        GameEventReader.Read(Entered(new RoundEntry { Player = "G\0", Stake = "\0\ud83d" })).Problems.ShouldAllBe(x => !x.Text.Any(c => char.IsControl(c) || char.IsSurrogate(c)));

    [Fact]
    public void Should_name_a_bounded_number_of_problems_and_count_the_rest()
    {
        var read = GameEventReader.Read(Entered([.. Enumerable.Repeat(new RoundEntry { Player = Good, Stake = "x" }, 150)]));
        var refusal = new Refusal(read.Problems);
        refusal.Texts.Count.ShouldBe(RoundsOptions.ProblemsNamedMax + 1);
        refusal.Texts[^1].ShouldBe(string.Create(CultureInfo.InvariantCulture, $"and {read.Problems.Count - RoundsOptions.ProblemsNamedMax} more problems"));
    }

    private static GameRoundEntered Entered(params RoundEntry[] entries) => new() { RoundId = "r", Entries = entries };
}
