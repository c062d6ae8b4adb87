using Payouts.Contracts;
using Payouts.Signer.Policies;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Policies;

/// <summary>The pure rule, each limit at its bound: exactly the limit passes, one stroop more does not.</summary>
public sealed class When_the_policy_judges
{
    private const string Ann = "GBBZ7G567PWBHY2DUOLNHCOWDLCEHUBTUCNQ4RFATBGFRO54OLSDNGF7";
    private const string Ben = "GB3AWQYXJG6U7DOVA3SFHQMFH3G5XQEJUTKSAATKCAFKJ47PTGFZ2YI5";
    private const string Contract = "CBNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFUWS2LJNFU7WI";

    /// <summary>A Wednesday.</summary>
    private static readonly DateTimeOffset Noon = new(2026, 12, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly SigningPolicy Policy = new()
    {
        Version = "1",
        Currencies = new Dictionary<string, CurrencyLimits>
        {
            ["XLM"] = new() { PerPayout = At("100"), PerRound = At("1000"), PerHour = At("500"), PerDay = At("800"), ApproveAbove = At("50"), Approvals = 2 },
            ["USDC"] = new(),
        },
    };

    [Theory]
    [InlineData("50", "0", "0", "0", 0, PolicyRule.WithinLimits)]
    [InlineData("50.0000001", "0", "0", "0", 0, PolicyRule.ApprovalMissing)]
    [InlineData("50.0000001", "0", "0", "0", 1, PolicyRule.ApprovalMissing)]
    [InlineData("50.0000001", "0", "0", "0", 2, PolicyRule.Approved)]
    [InlineData("100", "0", "0", "0", 2, PolicyRule.Approved)]
    [InlineData("100.0000001", "0", "0", "0", 2, PolicyRule.PayoutLimit)]
    [InlineData("10", "990", "0", "0", 0, PolicyRule.WithinLimits)]
    [InlineData("10", "990.0000001", "0", "0", 0, PolicyRule.RoundLimit)]
    [InlineData("10", "0", "490", "490", 0, PolicyRule.WithinLimits)]
    [InlineData("10", "0", "490.0000001", "490.0000001", 0, PolicyRule.HourLimit)]
    [InlineData("10", "0", "0", "790", 0, PolicyRule.WithinLimits)]
    [InlineData("10", "0", "0", "790.0000001", 0, PolicyRule.DayLimit)]
    public void Should_let_go_exactly_the_limit(string amount, string round, string hour, string day, int approvals, PolicyRule rule) =>
        Judge(Case(amount), new PolicySums(At(round), At(hour), At(day)), approvals).Rule.ShouldBe(rule);

    [Theory]
    [InlineData(PolicyRule.PayoutLimit)]
    [InlineData(PolicyRule.RoundLimit)]
    public void Should_refuse_what_time_cannot_mend(PolicyRule rule)
    {
        var verdict = rule == PolicyRule.PayoutLimit ? Judge(Case("101"), None, 2) : Judge(Case("10"), None with { Round = At("1000") });
        (verdict.GetType(), verdict.Rule).ShouldBe((typeof(PolicyVerdict.Refuse), rule));
    }

    [Fact]
    public void Should_wait_for_what_time_or_people_mend()
    {
        Judge(Case("10"), None with { Hour = At("495") }).ShouldBeOfType<PolicyVerdict.Wait>();
        Judge(Case("10"), None with { Day = At("795") }).ShouldBeOfType<PolicyVerdict.Wait>();
        Judge(Case("60"), None).ShouldBeOfType<PolicyVerdict.Wait>();
    }

    [Fact]
    public void Should_refuse_a_group_that_no_empty_hour_takes_instead_of_letting_it_wait_for_ever()
    {
        var group = new PolicyCase("r", "XLM", Contract, [.. Enumerable.Repeat(new PayoutShare { Winner = Ann, Amount = At("50") }, 11)], At("550"));
        var verdict = Judge(group, None);
        (verdict.GetType(), verdict.Rule).ShouldBe((typeof(PolicyVerdict.Refuse), PolicyRule.HourLimit));
    }

    [Fact]
    public void Should_not_count_again_what_was_counted()
    {
        var again = Case("40") with { Uncounted = Stroops.Zero };
        Judge(again, new PolicySums(At("1000"), At("500"), At("800"))).ShouldBeOfType<PolicyVerdict.Allow>();
    }

    [Fact]
    public void Should_pay_only_the_currencies_it_names()
    {
        Judge(Case("1", "EURC"), None).Rule.ShouldBe(PolicyRule.AssetNotAllowed);
        Judge(Case("1000000", "USDC"), None).ShouldBeOfType<PolicyVerdict.Allow>();
    }

    [Fact]
    public void Should_pay_only_accounts_that_may_be_paid()
    {
        PolicyCheck.Judge(Policy with { Denied = new HashSet<string> { Ann } }, Case("1"), None, Nothing, 0, Noon).Rule.ShouldBe(PolicyRule.DestinationDenied);
        PolicyCheck.Judge(Policy with { Listed = new HashSet<string> { Ben } }, Case("1"), None, Nothing, 0, Noon).Rule.ShouldBe(PolicyRule.DestinationNotListed);
        PolicyCheck.Judge(Policy with { Listed = new HashSet<string> { Ann } }, Case("1"), None, Nothing, 0, Noon).ShouldBeOfType<PolicyVerdict.Allow>();
        var both = new PolicyCase("r", "XLM", Contract, [Share(Ben, "1"), Share(Ann, "1")], At("2"));
        PolicyCheck.Judge(Policy with { Denied = new HashSet<string> { Ann } }, both, None, Nothing, 0, Noon).Rule.ShouldBe(PolicyRule.DestinationDenied);
    }

    [Theory]
    [InlineData("XLM")]
    [InlineData(Contract)]
    public void Should_hold_what_a_person_stopped_with_or_without_a_policy(string subject)
    {
        var stopped = new HashSet<string> { subject };
        PolicyCheck.Judge(Policy, Case("1"), None, stopped, 0, Noon).ShouldBeOfType<PolicyVerdict.Wait>().Rule.ShouldBe(PolicyRule.Stopped);
        PolicyCheck.Judge(null, Case("1"), None, stopped, 0, Noon).ShouldBeOfType<PolicyVerdict.Wait>().Rule.ShouldBe(PolicyRule.Stopped);
        PolicyCheck.Judge(null, Case("1", "USDC") with { Contract = "C" }, None, stopped, 0, Noon).ShouldBeOfType<PolicyVerdict.Allow>();
    }

    [Theory]
    [InlineData("2026-12-02T07:59:59Z", false)]
    [InlineData("2026-12-02T08:00:00Z", true)]
    [InlineData("2026-12-02T19:59:59Z", true)]
    [InlineData("2026-12-02T20:00:00Z", false)]
    [InlineData("2026-12-05T12:00:00Z", false)]
    public void Should_sign_in_business_hours_only(string moment, bool open)
    {
        var hours = new OpenHours(TimeZoneInfo.Utc, Weekdays, new TimeOnly(8, 0), new TimeOnly(20, 0));
        var verdict = PolicyCheck.Judge(Policy with { Hours = hours }, Case("1"), None, Nothing, 0, DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture));
        verdict.Rule.ShouldBe(open ? PolicyRule.WithinLimits : PolicyRule.Closed);
    }

    [Theory]
    [InlineData("2026-12-04T21:59:59Z", true)]
    [InlineData("2026-12-04T19:00:00Z", false)]
    [InlineData("2026-12-05T02:59:59Z", true)]
    [InlineData("2026-12-05T03:00:00Z", false)]
    [InlineData("2026-12-05T22:00:00Z", false)]
    [InlineData("2026-12-06T02:00:00Z", false)]
    public void Should_know_nights_that_begin_on_a_working_day(string moment, bool open) =>
        new OpenHours(TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna"), Weekdays, new TimeOnly(22, 0), new TimeOnly(4, 0))
            .Contains(DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(open);

    private static IReadOnlySet<DayOfWeek> Weekdays { get; } = new HashSet<DayOfWeek> { DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday };

    private static HashSet<string> Nothing => [];

    private static PolicySums None => new(Stroops.Zero, Stroops.Zero, Stroops.Zero);

    private static PolicyVerdict Judge(PolicyCase one, PolicySums sums, int approvals = 0) => PolicyCheck.Judge(Policy, one, sums, Nothing, approvals, Noon);

    private static PolicyCase Case(string amount, string currency = "XLM") => new("r", currency, Contract, [Share(Ann, amount)], At(amount));

    private static PayoutShare Share(string winner, string amount) => new() { Winner = winner, Amount = At(amount) };

    private static Stroops At(string amount) => Stroops.Parse(amount);
}
