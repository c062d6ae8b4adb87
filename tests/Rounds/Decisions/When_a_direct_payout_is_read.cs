using Payouts.Contracts;
using Payouts.Rounds.Direct;
using Payouts.Rounds.Tests.Host;

namespace Payouts.Rounds.Tests.Decisions;

public sealed class When_a_direct_payout_is_read
{
    private static readonly DirectPayoutRequested Sound = Direct.Requested("refund-1", 1, "2.5");

    [Fact]
    public void Should_understand_what_is_right()
    {
        var read = DirectRequest.Read(Sound);
        read.Problems.ShouldBeEmpty();
        (read.Reference, read.Key.Context, read.Winner, read.Amount, read.Currency, read.Reason)
            .ShouldBe(("refund-1", Direct.Context, Game.Player(1), Stroops.Parse("2.5"), "XLM", "the table broke down"));
    }

    [Theory]
    [InlineData("reference", "", "ReferenceInvalid")]
    [InlineData("reference", "   ", "ReferenceInvalid")]
    [InlineData("reference", "a\u0000b", "ReferenceInvalid")]
    [InlineData("context", "", "SymbolInvalid")]
    [InlineData("context", "two words", "SymbolInvalid")]
    [InlineData("context", "a123456789b123456789c123456789d12", "SymbolInvalid")]
    [InlineData("winner", "", "AccountInvalid")]
    [InlineData("winner", "GBBZ7G567PWBHY2DUOLNHCOWDLCEHUBTUCNQ4RFATBGFRO54OLSDNGF8", "AccountInvalid")]
    [InlineData("winner", "SDQFCYI6DS5H7HOAIZRERMYCHAAKAPON3VRRTWCTYE46GSFUREJJ4AOP", "AccountInvalid")]
    [InlineData("amount", "", "AmountInvalid")]
    [InlineData("amount", "0", "AmountInvalid")]
    [InlineData("amount", "-1", "AmountInvalid")]
    [InlineData("amount", "1.00000001", "AmountInvalid")]
    [InlineData("amount", "1e9", "AmountInvalid")]
    [InlineData("amount", "1000000000000000000000000000", "AmountInvalid")]
    [InlineData("currency", "", "SymbolInvalid")]
    [InlineData("currency", "X-M", "SymbolInvalid")]
    [InlineData("reason", "", "ReasonInvalid")]
    [InlineData("reason", "a\u0007b", "ReasonInvalid")]
    public void Should_name_the_field_that_is_wrong(string field, string text, string code)
    {
        var read = DirectRequest.Read(field switch
        {
            "reference" => Sound with { Reference = text },
            "context" => Sound with { Context = text },
            "winner" => Sound with { Winner = text },
            "amount" => Sound with { Amount = text },
            "currency" => Sound with { Currency = text },
            _ => Sound with { Reason = text },
        });
        var problem = read.Problems.ShouldHaveSingleItem();
        (problem.Code.ToString(), problem.Text.Split(':')[0]).ShouldBe((code, field));
        // A secret that stands where an account should is not repeated.
        problem.Text.ShouldNotContain("SDQFCYI6DS5H7HOAIZRERMYCHAAKAPON3VRRTWCTYE46GSFUREJJ4AOP");
    }

    /// <summary>PostgreSQL could not store it.</summary>
    [Fact]
    public void Should_refuse_half_a_surrogate_pair() => Code(Sound with { Reference = "half a pair \ud800" }).ShouldBe("ReferenceInvalid");

    [Fact]
    public void Should_name_everything_that_is_wrong_at_once() =>
        DirectRequest.Read(Sound with { Reference = "", Context = "-", Winner = "", Amount = "x", Currency = "", Reason = "" }).Problems.Select(x => x.Text.Split(':')[0])
            .ShouldBe(["reference", "context", "winner", "amount", "currency", "reason"]);

    [Theory]
    [InlineData(80, null)]
    [InlineData(81, "ReferenceInvalid")]
    public void Should_take_a_reference_of_80_characters(int length, string? code) => Code(Sound with { Reference = new string('r', length) }).ShouldBe(code);

    [Theory]
    [InlineData(500, null)]
    [InlineData(501, "ReasonInvalid")]
    public void Should_take_a_reason_of_500_characters(int length, string? code) => Code(Sound with { Reason = new string('r', length) }).ShouldBe(code);

    /// <summary>Whoever takes the announcement trusts its sender with no length either.</summary>
    [Theory]
    [InlineData(80, 500, null)]
    [InlineData(81, 500, "ReferenceInvalid")]
    [InlineData(0, 500, "ReferenceInvalid")]
    [InlineData(80, 501, "ReasonInvalid")]
    public void Should_be_within_the_same_bounds_when_it_is_announced(int reference, int reason, string? code)
    {
        var order = Direct.Ordered(Sound with { Reference = new string('r', reference), Reason = new string('r', reason) });
        Problem(() => Hosting.Messaging.RoundLimits.Require(order)).ShouldBe(code);
        Problem(() => Hosting.Messaging.RoundLimits.Require(order with { Amount = Stroops.Zero })).ShouldBe(code ?? "AmountInvalid");
    }

    [Fact]
    public void Should_have_a_name_that_no_round_may_have()
    {
        Rounds.Game.GameEventReader.Read(Game.Opened("direct:refund-1")).Problems.ShouldHaveSingleItem().Code.ShouldBe(Rounds.Game.RefusalCode.RoundIdInvalid);
        Rounds.Game.GameEventReader.Read(Game.Opened("directly")).Problems.ShouldBeEmpty();
        var resolved = new RoundResolved { RoundId = "direct:refund-1", Context = "c", PoolId = 1, RoundNumber = 1, Currency = "XLM", Owed = Stroops.Zero, Payouts = [] };
        Problem(() => Hosting.Messaging.RoundLimits.Require(resolved)).ShouldBe("RoundIdInvalid");
    }

    private static string? Code(DirectPayoutRequested message) => DirectRequest.Read(message).Problems.SingleOrDefault()?.Code.ToString();

    private static string? Problem(Action require)
    {
        try
        {
            require();
            return null;
        }
        catch (Hosting.Messaging.RefusedMessageException refused)
        {
            return refused.Code;
        }
    }
}
