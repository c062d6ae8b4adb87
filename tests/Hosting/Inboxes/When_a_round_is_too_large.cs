using Payouts.Contracts;
using Payouts.Hosting.Messaging;

namespace Payouts.Hosting.Tests.Inboxes;

/// <summary>Whoever takes RoundResolved trusts no sender with the size of its transaction and its rows.</summary>
public sealed class When_a_round_is_too_large
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(100, 10_000)]
    public void Should_be_taken_at_its_bounds(int nameLength, int debts) => RoundLimits.Require(Round(new string('r', nameLength), debts));

    [Theory]
    [InlineData(0, 1, "RoundIdInvalid", "roundId has 0 characters; 1 to 100 are right")]
    [InlineData(101, 1, "RoundIdInvalid", "roundId has 101 characters; 1 to 100 are right")]
    [InlineData(100, 10_001, "RoundTooLarge", "10001 debts are listed; a round has at most 10000")]
    public void Should_be_refused_beyond_them(int nameLength, int debts, string code, string said)
    {
        var refused = Should.Throw<RefusedMessageException>(() => RoundLimits.Require(Round(new string('r', nameLength), debts)));
        (refused.Code, refused.Message[..said.Length]).ShouldBe((code, said));
    }

    /// <summary>An attribute's text is UTF-8 and cannot hold half a pair.</summary>
    [Fact]
    public void Should_be_refused_when_no_table_could_hold_its_name()
    {
        foreach (var name in new[] { "nul\0", "half \ud83d pair", "half \ude00 pair", "at the end \ud83d" })
            Should.Throw<RefusedMessageException>(() => RoundLimits.Require(Round(name, 1))).Code.ShouldBe("RoundIdInvalid");
        RoundLimits.Require(Round("whole \ud83d\ude00 pair", 1));
    }

    private static RoundResolved Round(string name, int debts) => new()
    {
        RoundId = name, Context = "GAME", PoolId = 1, RoundNumber = 1, Currency = "XLM", Owed = Stroops.Zero,
        Payouts = [.. Enumerable.Repeat(new OwedPayout { Winner = "G", Amount = new Stroops(1) }, debts)],
    };
}
