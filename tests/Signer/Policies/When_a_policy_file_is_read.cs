using Payouts.Contracts;
using Payouts.Signer.Policies;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Policies;

public sealed class When_a_policy_file_is_read
{
    private const string Whole =
        """
        {
          // Who may be paid how much.
          "version": "2026-12-01",
          "currencies": { "XLM": { "perPayout": "100", "perRound": "1000", "perHour": "500", "perDay": "800.5", "approveAbove": "50", "approvals": 3 }, "USDC": {} },
          "hours": { "zone": "Europe/Vienna", "days": ["Mon", "Friday"], "from": "08:00", "to": "20:30" },
          "destinations": { "denied": ["GBBZ7G567PWBHY2DUOLNHCOWDLCEHUBTUCNQ4RFATBGFRO54OLSDNGF7"] }
        }
        """;

    [Fact]
    public void Should_understand_every_member()
    {
        var policy = SigningPolicyFile.Parse(Whole);
        policy.Version.ShouldBe("2026-12-01");
        policy.Currencies["XLM"].ShouldBe(new CurrencyLimits
        {
            PerPayout = Stroops.Parse("100"), PerRound = Stroops.Parse("1000"), PerHour = Stroops.Parse("500"), PerDay = Stroops.Parse("800.5"), ApproveAbove = Stroops.Parse("50"), Approvals = 3,
        });
        policy.Currencies["USDC"].ShouldBe(new CurrencyLimits());
        policy.Hours.ShouldNotBeNull().Days.Order().ShouldBe([DayOfWeek.Monday, DayOfWeek.Friday]);
        (policy.Hours!.From, policy.Hours.To).ShouldBe((new TimeOnly(8, 0), new TimeOnly(20, 30)));
        policy.Denied.Count.ShouldBe(1);
        policy.Listed.ShouldBeNull();
        policy.CountsSums.ShouldBeTrue();
    }

    [Theory]
    [InlineData("{}", "version:")]
    [InlineData("""{"version":"1"}""", "currencies:")]
    [InlineData("""{"version":"1","currencies":{}}""", "currencies:")]
    [InlineData("""{"version":"1","currencies":{"XLM":{"perPayuot":"1"}}}""", "perPayuot")]
    [InlineData("""{"version":"1","currencies":{"XLM":{"perPayout":1}}}""", "$.currencies.XLM.perPayout")]
    [InlineData("""{"version":"1","currencies":{"XLM":{"perPayout":"1.00000001"}}}""", "currencies.XLM.perPayout:")]
    [InlineData("""{"version":"1","currencies":{"XLM":{"perPayout":"0"}}}""", "currencies.XLM.perPayout:")]
    [InlineData("""{"version":"1","currencies":{"XLM":{"perPayout":"2","perHour":"1"}}}""", "at most perHour")]
    [InlineData("""{"version":"1","currencies":{"XLM":{"perPayout":"2","perDay":"1"}}}""", "at most perDay")]
    [InlineData("""{"version":"1","currencies":{"XLM":{"perPayout":"2","perRound":"1"}}}""", "at most perRound")]
    [InlineData("""{"version":"1","currencies":{"XLM":{"perHour":"2","perDay":"1"}}}""", "at most perDay")]
    [InlineData("""{"version":"1","currencies":{"XLM":{"approvals":0}}}""", "approvals: 1 to 5")]
    [InlineData("""{"version":"1","currencies":{"XLM":{"approvals":6}}}""", "approvals: 1 to 5")]
    [InlineData("""{"version":"1","currencies":{"XLM":null}}""", "currencies.XLM:")]
    [InlineData("""{"version":"1","currencies":{"XLM":{}},"hours":{"zone":"Mars","days":["Mon"],"from":"08:00","to":"09:00"}}""", "hours.zone:")]
    [InlineData("""{"version":"1","currencies":{"XLM":{}},"hours":{"zone":"UTC","days":["T"],"from":"08:00","to":"09:00"}}""", "hours.days:")]
    [InlineData("""{"version":"1","currencies":{"XLM":{}},"hours":{"zone":"UTC","days":[],"from":"08:00","to":"09:00"}}""", "hours.days:")]
    [InlineData("""{"version":"1","currencies":{"XLM":{}},"hours":{"zone":"UTC","days":["Mon"],"from":"8","to":"09:00"}}""", "hours.from:")]
    [InlineData("""{"version":"1","currencies":{"XLM":{}},"hours":{"zone":"UTC","days":["Mon"],"from":"08:00","to":"08:00"}}""", "hours.to:")]
    [InlineData("""{"version":"1","currencies":{"XLM":{}},"destinations":{"denied":["GA"]}}""", "destinations.denied:")]
    [InlineData("""{"version":"1","currencies":{"XLM":{}},"destinations":{"listed":[null]}}""", "destinations.listed:")]
    [InlineData("null", "null")]
    [InlineData("[1", "$")]
    public void Should_name_what_is_wrong(string json, string named) => Should.Throw<FormatException>(() => SigningPolicyFile.Parse(json)).Message.ShouldContain(named);

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Should_have_a_name_of_100_characters(int length, bool right)
    {
        var json = $$"""{"version":"{{new string('v', length)}}","currencies":{"XLM":{} } }""";
        if (right)
            SigningPolicyFile.Parse(json).Version.Length.ShouldBe(length);
        else
            Should.Throw<FormatException>(() => SigningPolicyFile.Parse(json)).Message.ShouldContain("version:");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Should_take_one_to_five_people(int approvals) => SigningPolicyFile.Parse(
        """{"version":"1","currencies":{"XLM":{"approvals":N}}}""".Replace("N", $"{approvals}", StringComparison.Ordinal)).Currencies["XLM"].Approvals.ShouldBe(approvals);
}
