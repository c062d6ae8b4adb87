using System.Globalization;

namespace Payouts.Tests.Monitoring;

/// <summary>What a test with compressed time changes in the committed rules, and what not.</summary>
public sealed class When_the_rules_times_are_compressed
{
    private const int By = 10;

    [Theory]
    [InlineData("OutboxStuck", "max by (job) (outbox_oldest_message_seconds) > 6")]
    [InlineData("PayoutStuck", "max by (state) (payout_oldest_in_state_seconds{state=~\"Building|Submitting|AwaitingConfirmation\"}) > 60")]
    [InlineData("RoundsResolveLate", "histogram_quantile(0.99, sum by (le) (rate(round_resolution_duration_seconds_bucket[90000ms]))) > 6")]
    [InlineData("ReconciliationBehind", "max(payout_reconciliation_lag_ledgers) > 60 or time() - max(payout_reconciliation_read_timestamp_seconds) > 30")]
    [InlineData("SubmissionsUnanswered", "sum(rate(payout_submissions_total{status=~\"UNKNOWN|NOT_SENT\"}[30000ms])) > 0.1")]
    [InlineData("SourceBalanceLow", "min(source_account_balance_stroops) / 1e7 < 10")]
    public void Should_shorten_what_is_a_time(string alert, string expression) => Compressed().Single(rule => rule.Alert == alert).Expr.ShouldBe(expression);

    [Fact]
    public void Should_have_every_alert_wait_a_tenth_as_long()
    {
        Compressed().Select(rule => (rule.Alert, rule.For)).ShouldBe(AlertRules.Load().Select(rule => (rule.Alert, rule.For is { } wait ? $"{int.Parse(wait[..^1], CultureInfo.InvariantCulture) * 60_000 / By}ms" : null)));
        Compressed().Where(rule => rule.Expr.Contains("m]", StringComparison.Ordinal) && !rule.Expr.Contains("ms]", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_be_rules_that_the_server_takes()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in RuleFiles.All)
        {
            await File.WriteAllTextAsync(folder.PathOf(Path.GetFileName(file)), RuleTimes.Compressed(7.3).Of(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
            (await Tool.RunAsync("promtool", "check", "rules", folder.PathOf(Path.GetFileName(file)))).ShouldContain("SUCCESS");
        }
    }

    private static IReadOnlyList<AlertRule> Compressed() => [.. RuleFiles.All.SelectMany(file => AlertRules.Read<RuleFile>(RuleTimes.Compressed(By).Of(File.ReadAllText(file))).Groups).SelectMany(group => group.Rules)];
}
