using Microsoft.Extensions.Configuration;
using Payouts.Hosting.Configuration;
using Payouts.Stellar;
using Payouts.Submitter.Tests.Judging;
using Payouts.Submitter.Tests.Support;

namespace Payouts.Submitter.Tests.Start;

public sealed class When_the_settings_are_wrong
{
    [Fact]
    public void Should_read_what_is_right_and_fall_back_where_it_may()
    {
        var options = Read();
        (options.FeeAccount, options.FeeMaxStroops, options.BumpAfterLedgers, options.PollsAfterEndMax).ShouldBe((null, 2_000_000, 5u, 20), "without a fee account fees are not bumped");
        var account = SubmittingNetwork.Key("fees").AccountId;
        Read(("PAYOUT_FEE_ACCOUNT", account.ToString())).FeeAccount.ShouldBe(account);
        Read(("PAYOUTS_BUMP_AFTER_LEDGERS", "1")).BumpAfterLedgers.ShouldBe(1u);
        Read(("PAYOUTS_BUMP_AFTER_LEDGERS", "100")).BumpAfterLedgers.ShouldBe(100u);
    }

    [Theory]
    [InlineData("PAYOUT_FEE_ACCOUNT", "G123", "PAYOUT_FEE_ACCOUNT is not the account that pays for fee bumps")]
    [InlineData("PAYOUTS_BUMP_AFTER_LEDGERS", "0", "PAYOUTS_BUMP_AFTER_LEDGERS must be a whole number from 1 to 100")]
    [InlineData("PAYOUTS_BUMP_AFTER_LEDGERS", "101", "PAYOUTS_BUMP_AFTER_LEDGERS must be a whole number from 1 to 100")]
    [InlineData("PAYOUTS_MAX_GAS_STROOPS", "99", "PAYOUTS_MAX_GAS_STROOPS must be a whole number from 100 to 4294967295")]
    [InlineData("PAYOUT_FEE_ACOUNT", "x", "did you mean PAYOUT_FEE_ACCOUNT?")]
    public void Should_name_the_key(string key, string value, string said) =>
        Should.Throw<SettingsException>(() => Read((key, value))).Message.ShouldContain(said);

    private static SubmitterOptions Read(params (string Key, string Value)[] others)
    {
        var values = new Dictionary<string, string?>
        {
            ["PAYOUT_CONTRACT_ID"] = Evidence.Contract.ToString(),
            ["PAYOUT_TOKEN_CONTRACTS"] = $"XLM={Evidence.Token}",
        };
        foreach (var (key, value) in others)
            values[key] = value;
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        var options = SubmitterOptions.Read(settings);
        settings.ThrowIfWrong();
        return options;
    }
}
