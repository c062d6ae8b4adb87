using Payouts.Devnet.Options;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Settings;

public sealed class When_settings_are_read
{
    private const string Account = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";

    [Fact]
    public void Should_take_the_environment_and_let_arguments_win()
    {
        var options = Read(
            new() { ["DEVNET_PORT"] = "1", ["DEVNET_PROTOCOL"] = "28", ["PATH"] = "ignored", ["DEVNET_ACCOUNTS"] = $"{Account}=5" },
            "--port", "2", "--close-time-ms=500", "--payout-tokens", $"XLM=native/7,USDC=USDC:{Account}/8");

        (options.Port, options.ProtocolVersion, options.CloseTime).ShouldBe((2, 28, TimeSpan.FromMilliseconds(500)));
        options.Accounts.ShouldBe([new GenesisAccount(Account, 5)]);
        options.Payout.Tokens.ShouldBe([new TokenRegistration("XLM", "native", 7), new TokenRegistration("USDC", $"USDC:{Account}", 8)]);
    }

    [Theory]
    [InlineData("DEVNET_PORT", "65536")]
    [InlineData("DEVNET_PORT", "")]
    [InlineData("DEVNET_PROTOCOL", "26")]
    [InlineData("DEVNET_BASE_FEE", "0")]
    [InlineData("DEVNET_HOST", "example")]
    [InlineData("DEVNET_ACCOUNTS", "GABC=1")]
    [InlineData("DEVNET_ACCOUNTS", Account)]
    [InlineData("DEVNET_ACCOUNTS", Account + "=-1")]
    [InlineData("DEVNET_PAYOUT_ADMIN", "SADQOBYHA4DQOBYHA4DQOBYHA4DQOBYHA4DQOBYHA4DQOBYHA4DQP54X")]
    [InlineData("DEVNET_PAYOUT_CONTRACT", Account)]
    [InlineData("DEVNET_PAYOUT_PAUSED", "yes")]
    [InlineData("DEVNET_PAYOUT_TOKENS", "XLM=native")]
    [InlineData("DEVNET_PAYOUT_TOKENS", "X-M=native/1")]
    [InlineData("DEVNET_PAYOUT_TOKENS", "USD=USDTOOLONGCODE:" + Account + "/1")]
    [InlineData("DEVNET_NO_SUCH_THING", "1")]
    public void Should_stop_at_a_bad_value_and_name_its_key(string key, string value)
    {
        var refusal = Should.Throw<DevnetOptionsException>(() => Read(new() { [key] = value }));

        refusal.Key.ShouldBe(key);
        refusal.Message.ShouldStartWith(key);
        refusal.Message.ShouldNotContain('\n');
    }

    [Theory]
    [InlineData("port")]
    [InlineData("--port")]
    [InlineData("--no-such-thing", "1")]
    public void Should_stop_at_an_argument_it_does_not_know(params string[] arguments) =>
        Should.Throw<DevnetOptionsException>(() => Read([], arguments));

    /// <summary>The README's table is the list of settings, no more and no less, with the defaults that hold.</summary>
    [Fact]
    public async Task Should_be_described_in_the_readme_with_the_defaults_that_hold()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "README.md"), TestContext.Current.CancellationToken);
        var rows = readme.Split('\n').Where(line => line.StartsWith("| `DEVNET_", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();

        rows.Select(row => row[1].Trim('`')).ShouldBe(DevnetOptionsReader.Keys, ignoreOrder: true);
        var described = Read(rows.Where(row => row[2].Length > 0).ToDictionary(row => row[1].Trim('`'), row => row[2]));
        described.Payout.Tokens.ShouldBe(new DevnetOptions().Payout.Tokens);
        var defaults = new DevnetOptions();
        (described with { Payout = defaults.Payout, Accounts = defaults.Accounts }).ShouldBe(defaults);
    }

    private static DevnetOptions Read(Dictionary<string, string> environment, params string[] arguments) => DevnetOptionsReader.Read(environment, arguments);
}
