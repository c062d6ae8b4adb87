using System.Text.Json;

namespace Payouts.Channels.Tests;

public sealed class When_accounts_are_funded
{
    private const long FeePerOperation = 100;
    private const long Reserve = 10_000_000;

    /// <summary>Spendable is what is above the reserve of 1 XLM; who is at the bound has enough, who is a stroop below has not.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Should_pay_only_what_is_missing_and_only_to_those_below()
    {
        await using var network = await PoolNetwork.StartAsync();
        await network.DoneAsync("create", "--count", "1", "--from", "0", "--balance", "3");
        await network.DoneAsync("create", "--count", "1", "--from", "1", "--balance", "2.9999999");
        await network.DoneAsync("create", "--count", "1", "--from", "2", "--balance", "1");
        await network.DoneAsync("create", "--count", "1", "--from", "3", "--balance", "9");
        var before = network.Spent;

        var funded = await network.DoneAsync("fund", "--min", "2", "--to", "5");

        Text(funded).ShouldBe("{\"accounts\":4,\"funded\":2,\"paid\":\"8.0000001\",\"transactions\":1,\"fees\":\"0.0000200\"}");
        Enumerable.Range(0, 4).Select(network.BalanceOf).ShouldBe([30_000_000, 50_000_000 + Reserve, 50_000_000 + Reserve, 90_000_000]);
        network.Spent.ShouldBe(before + 80_000_001 + (2 * FeePerOperation));
        (await network.DoneAsync("fund", "--min", "2", "--to", "5")).GetProperty("funded").GetInt32().ShouldBe(0, "nobody is below any more");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_take_the_fee_account_when_the_settings_name_it()
    {
        await using var network = await PoolNetwork.StartAsync();
        await network.DoneAsync("create", "--count", "1", "--balance", "1", "--fee-account");
        (await network.DoneAsync("fund", "--min", "1", "--to", "1", "--count", "1")).GetProperty("funded").GetInt32().ShouldBe(1);

        network.Settings["PAYOUT_FEE_ACCOUNT"] = PoolNetwork.Accounts[1000].ToString();
        (await network.DoneAsync("fund", "--min", "1", "--to", "1")).GetProperty("funded").GetInt32().ShouldBe(1);

        network.BalanceOf(1000).ShouldBe(20_000_000);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_refuse_to_fill_up_to_less_than_the_least()
    {
        await using var network = await PoolNetwork.StartAsync();

        var refused = await network.RunAsync("fund", "--min", "2", "--to", "1.9999999");

        (refused.Code, refused.Error.Trim()).ShouldBe((ExitCodes.Usage, "--to is 1.9999999 XLM, below --min, which is 2.0000000"));
    }

    /// <summary>Two at once see the same poor accounts; only one of their envelopes can be applied, and the other run looks again.</summary>
    [Fact(Timeout = 180_000)]
    public async Task Should_pay_once_when_two_run_at_once()
    {
        await using var network = await PoolNetwork.StartAsync();
        await network.DoneAsync("create", "--count", "150", "--balance", "1");
        var before = network.Spent;

        await Task.WhenAll(network.DoneAsync("fund", "--min", "1", "--to", "2"), network.DoneAsync("fund", "--min", "1", "--to", "2"), network.DoneAsync("fund", "--min", "1", "--to", "2"));

        Enumerable.Range(0, 150).ShouldAllBe(number => network.BalanceOf(number) == 30_000_000);
        network.Spent.ShouldBe(before + (150 * (20_000_000 + FeePerOperation)));
    }

    private static string Text(JsonElement element) => element.GetRawText();
}
