using Microsoft.Extensions.Configuration;
using Payouts.Builder.Deciding;
using Payouts.Builder.Reconciling;
using Payouts.Builder.Tests.Support;
using Payouts.Hosting.Configuration;

namespace Payouts.Builder.Tests.Start;

public sealed class When_the_settings_are_wrong
{
    private const string Database = "sqlite:unused.db";

    [Fact]
    public void Should_read_what_is_right_and_fall_back_where_it_may()
    {
        var options = Read(_ => { });

        (options.LiveExecution, options.FeeMaxStroops, options.AttemptsMax, options.Validity).ShouldBe((true, 2_000_000, 5, TimeSpan.FromSeconds(300)));
        options.Channels.ShouldBe([Sample.Admin.AccountId], "without channels the payout source account is the only one");
        options.Contract.Method.ShouldBe("distribute_winnings");
    }

    [Fact]
    public void Should_read_the_channels_in_order()
    {
        var (one, two) = (Sample.Account("one"), Sample.Account("two"));
        Read(settings => settings["PAYOUT_CHANNEL_ACCOUNTS"] = $"{one}, {two}").Channels.Select(x => x.ToString()).ShouldBe([one, two]);
        Refused("PAYOUT_CHANNEL_ACCOUNTS is not channel accounts", settings => settings["PAYOUT_CHANNEL_ACCOUNTS"] = $"{one},{one}").ShouldContain("listed twice");
    }

    /// <summary>As "./run.sh channels list --setting" writes them, or one a line.</summary>
    [Theory]
    [InlineData(",")]
    [InlineData("\n")]
    public void Should_read_a_thousand_channels_from_a_file_and_no_more(string separator)
    {
        var path = Path.GetTempFileName();
        try
        {
            var accounts = Enumerable.Range(0, 1001).Select(x => Sample.Account($"channel {x}")).ToList();
            File.WriteAllText(path, string.Join(separator, accounts.Take(1000)) + "\n");
            Read(settings => settings["PAYOUT_CHANNEL_ACCOUNTS_FILE"] = path).Channels.Select(x => x.ToString()).ShouldBe(accounts.Take(1000));
            File.WriteAllText(path, string.Join(separator, accounts));
            Refused("PAYOUT_CHANNEL_ACCOUNTS is not channel accounts", settings => settings["PAYOUT_CHANNEL_ACCOUNTS_FILE"] = path).ShouldContain("it lists 1001 accounts; 1000 at most are right");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("PAYOUT_SOURCE_ACCOUNT", null, "PAYOUT_SOURCE_ACCOUNT is missing")]
    [InlineData("PAYOUT_SOURCE_ACCOUNT", "C123", "PAYOUT_SOURCE_ACCOUNT is not the payout source account")]
    [InlineData("PAYOUT_CONTRACT_ID", null, "PAYOUT_CONTRACT_ID is missing")]
    [InlineData("PAYOUT_CONTRACT_ID", "G123", "PAYOUT_CONTRACT_ID is not the payout contract")]
    [InlineData("PAYOUT_METHOD_NAME", "pay me", "PAYOUT_METHOD_NAME is not a contract method")]
    [InlineData("PAYOUT_ARGUMENT_LAYOUT", "winner:address", "PAYOUT_ARGUMENT_LAYOUT is not an argument layout")]
    [InlineData("PAYOUT_CHANNEL_ACCOUNTS", "G1,G2", "PAYOUT_CHANNEL_ACCOUNTS is not channel accounts")]
    [InlineData("STELLAR_NETWORK_PASSPHRASE", null, "STELLAR_NETWORK_PASSPHRASE is missing")]
    [InlineData("PAYOUTS_LIVE_EXECUTION", "perhaps", "PAYOUTS_LIVE_EXECUTION must be true or false")]
    [InlineData("PAYOUTS_MAX_GAS_STROOPS", "99", "PAYOUTS_MAX_GAS_STROOPS must be a whole number from 100 to 4294967295")]
    [InlineData("PAYOUTS_MAX_GAS_STROOPS", "0.5", "PAYOUTS_MAX_GAS_STROOPS must be a whole number")]
    [InlineData("PAYOUTS_MAX_ATTEMPTS", "0", "PAYOUTS_MAX_ATTEMPTS must be a whole number from 1 to 100")]
    [InlineData("PAYOUTS_VALIDITY_SECONDS", "604801", "PAYOUTS_VALIDITY_SECONDS must be a whole number from 10 to 604800")]
    [InlineData("PAYOUT_TOKEN_CONTRACTS", null, "PAYOUT_TOKEN_CONTRACTS is missing; it holds token contracts, CURRENCY=C..., comma separated")]
    [InlineData("PAYOUT_TOKEN_CONTRACTS", "XLM", "write each currency once, such as XLM=C...")]
    [InlineData("PAYOUT_TREASURY", "the house", "PAYOUT_TREASURY is not an address, G... or C...")]
    [InlineData("PAYOUTS_RECONCILE_POLL_MS", "49", "PAYOUTS_RECONCILE_POLL_MS must be a whole number from 50 to 60000")]
    [InlineData("PAYOUTS_RECONCILE_POLL_MS", "60001", "PAYOUTS_RECONCILE_POLL_MS must be a whole number from 50 to 60000")]
    [InlineData("PAYOUTS_RECONCILE_UNCONFIRMED_SECONDS", "59", "PAYOUTS_RECONCILE_UNCONFIRMED_SECONDS must be a whole number from 60 to 86400")]
    [InlineData("PAYOUTS_RECONCILE_UNCONFIRMED_SECONDS", "86401", "PAYOUTS_RECONCILE_UNCONFIRMED_SECONDS must be a whole number from 60 to 86400")]
    [InlineData("PAYOUTS_FOUR_EYES", "perhaps", "PAYOUTS_FOUR_EYES must be true or false")]
    [InlineData("PAYOUTS_DECISION_SECONDS", "59", "PAYOUTS_DECISION_SECONDS must be a whole number from 60 to 604800")]
    [InlineData("PAYOUTS_DECISION_SECONDS", "604801", "PAYOUTS_DECISION_SECONDS must be a whole number from 60 to 604800")]
    [InlineData("PAYOUTS_LIVE_EXECUTON", "true", "PAYOUTS_LIVE_EXECUTON is not a setting; did you mean PAYOUTS_LIVE_EXECUTION?")]
    [InlineData("PAYOUTS_SIGNING_FORM", "both", "PAYOUTS_SIGNING_FORM")]
    [InlineData("PAYOUTS_SIGNING_FORM", "authorization", "PAYOUTS_SIGNING_FORM is authorization, but PAYOUT_CHANNEL_ACCOUNTS lists no accounts other than PAYOUT_SOURCE_ACCOUNT")]
    [InlineData("PAYOUTS_LANE_DEPTH", "101", "PAYOUTS_LANE_DEPTH must be a whole number from 1 to 100")]
    [InlineData("PAYOUTS_LANE_DEPTH", "2", "PAYOUTS_LANE_DEPTH is 2, but there are no PAYOUT_CHANNEL_ACCOUNTS")]
    [InlineData("PAYOUTS_LANE_HEAD_WAIT_SECONDS", "0", "PAYOUTS_LANE_HEAD_WAIT_SECONDS must be a whole number from 1 to 604800")]
    [InlineData("PAYOUTS_CHANNEL_REST_SECONDS", "3601", "PAYOUTS_CHANNEL_REST_SECONDS must be a whole number from 0 to 3600")]
    [InlineData("payouts_max_attempts", "3", "payouts_max_attempts is not a setting; did you mean PAYOUTS_MAX_ATTEMPTS?")]
    [InlineData("PAYOUT_CHANNELS_FILE", "x", "PAYOUT_CHANNELS_FILE is not a setting; did you mean PAYOUT_")]
    public void Should_name_the_key(string key, string? value, string said) => Refused(said, settings => settings[key] = value);

    [Fact]
    public void Should_name_all_of_them_at_once() => Should.Throw<SettingsException>(() => Read(settings =>
    {
        settings["PAYOUT_CONTRACT_ID"] = null;
        settings["PAYOUTS_MAX_ATTEMPTS"] = "many";
        settings["PAYOUTS_LIVE"] = "true";
    })).Problems.Count.ShouldBe(3);

    [Fact]
    public async Task Should_take_a_value_from_a_file_and_never_both()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, $" {Sample.Account("from a file")}\n", TestContext.Current.CancellationToken);
        void FromFile(Dictionary<string, string?> settings)
        {
            settings["PAYOUT_SOURCE_ACCOUNT"] = null;
            settings["PAYOUT_SOURCE_ACCOUNT_FILE"] = path;
        }

        Read(FromFile).SourceAccount.ToString().ShouldBe(Sample.Account("from a file"));
        Refused("PAYOUT_SOURCE_ACCOUNT and PAYOUT_SOURCE_ACCOUNT_FILE are both set", settings => settings["PAYOUT_SOURCE_ACCOUNT_FILE"] = path);
        File.Delete(path);
        Should.Throw<SettingsException>(() => Read(FromFile)).Problems[0].ShouldStartWith($"PAYOUT_SOURCE_ACCOUNT_FILE names {path}, which cannot be read");
    }

    /// <summary>A shell that knows where the services are may start one.</summary>
    [Fact]
    public void Should_leave_alone_what_the_operators_console_reads() => Read(settings =>
    {
        settings["PAYOUTS_ROUNDS_URL"] = "https://rounds.example";
        settings["PAYOUTS_API_KEY_FILE"] = "key";
        settings["PAYOUTS_CONSOLE_NAME"] = "./run.sh console";
    }).ShouldNotBeNull();

    private static string Refused(string said, Action<Dictionary<string, string?>> change)
    {
        var problem = Should.Throw<SettingsException>(() => Read(change)).Problems.ShouldHaveSingleItem();
        problem.ShouldContain(said);
        return problem;
    }

    private static BuilderOptions Read(Action<Dictionary<string, string?>> change)
    {
        var values = Sample.Settings(Database);
        change(values);
        // As a process gets them: a variable that is not set is not there.
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(values.Where(x => x.Value is not null)).Build());
        var options = BuilderOptions.Read(settings);
        ReconcilingOptions.Read(settings, options);
        DecidingOptions.Read(settings);
        settings.ThrowIfWrong();
        return options;
    }
}
