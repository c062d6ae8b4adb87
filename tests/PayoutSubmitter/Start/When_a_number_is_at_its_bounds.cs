using System.Globalization;
using Microsoft.Extensions.Configuration;
using Payouts.Hosting.Configuration;
using Payouts.Submitter.Tests.Judging;

namespace Payouts.Submitter.Tests.Start;

/// <summary>Every numeric setting of payout-submitter: the lowest and the highest are taken as they are, one beyond either stops the start.</summary>
public sealed class When_a_number_is_at_its_bounds
{
    private static readonly Dictionary<string, Func<SubmitterOptions, double>> Values = new(StringComparer.Ordinal)
    {
        ["PAYOUTS_CONFIRM_POLL_MS"] = x => x.PollInterval.TotalMilliseconds,
        ["PAYOUTS_CONFIRM_MAX_POLLS"] = x => x.PollsAfterEndMax,
        ["PAYOUTS_MAX_GAS_STROOPS"] = x => x.FeeMaxStroops,
        ["PAYOUTS_BUMP_AFTER_LEDGERS"] = x => x.BumpAfterLedgers,
    };

    [Theory]
    [InlineData("PAYOUTS_CONFIRM_POLL_MS", 50, 60_000)]
    [InlineData("PAYOUTS_CONFIRM_MAX_POLLS", 1, 10_000)]
    [InlineData("PAYOUTS_MAX_GAS_STROOPS", 100, 4_294_967_295)]
    [InlineData("PAYOUTS_BUMP_AFTER_LEDGERS", 1, 100)]
    public void Should_be_taken_and_refused_one_beyond(string key, long lowest, long highest)
    {
        foreach (var taken in new[] { lowest, highest })
            Values[key](Start(key, taken)).ShouldBe(taken);
        foreach (var refused in new[] { lowest - 1, highest + 1 })
            Should.Throw<SettingsException>(() => Start(key, refused)).Problems.ShouldBe([string.Create(CultureInfo.InvariantCulture, $"{key} must be a whole number from {lowest} to {highest}")]);
    }

    private static SubmitterOptions Start(string key, long value)
    {
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["PAYOUT_CONTRACT_ID"] = Evidence.Contract.ToString(),
            ["PAYOUT_TOKEN_CONTRACTS"] = $"XLM={Evidence.Token}",
            [key] = value.ToString(CultureInfo.InvariantCulture),
        }).Build());
        var options = SubmitterOptions.Read(settings);
        settings.ThrowIfWrong();
        return options;
    }
}
