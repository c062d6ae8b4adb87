using System.Globalization;

namespace Payouts.Channels.Tests;

public sealed class When_the_command_line_is_wrong
{
    [Theory(Timeout = 60_000)]
    [InlineData("create --count 1001", "--count is \"1001\"; a whole number from 1 to 1000 is right")]
    [InlineData("create --count 0", "--count is \"0\"; a whole number from 1 to 1000 is right")]
    [InlineData("create --count 1 --from 1000", "--from is \"1000\"; a whole number from 0 to 999 is right")]
    [InlineData("create --count 1000 --from 1", "--from 1 --count 1000 ends at number 1000; the last channel is number 999")]
    [InlineData("create --count many", "--count is \"many\"")]
    [InlineData("create", "Option '--count' is required")]
    [InlineData("create --count 1 --balance 1,5", "--balance is not an amount above 0 and up to 10000 XLM: \"1,5\" is not a decimal amount")]
    [InlineData("create --count 1 --balance 0", "--balance is not an amount above 0")]
    [InlineData("create --count 1 --balance 10000.0000001", "--balance is not an amount above 0 and up to 10000 XLM")]
    [InlineData("create --count 1 --balance 1.00000001", "has 8 decimals")]
    [InlineData("create --count 1 --max-fee 99", "--max-fee is \"99\"; a whole number from 100 to 10000000 is right")]
    [InlineData("create --cuont 1", "--cuont")]
    [InlineData("crate --count 1", "crate")]
    [InlineData("", "Required command was not provided")]
    [InlineData("fund --min 1", "Option '--to' is required")]
    [InlineData("verify --builder payout-builder", "--builder is \"payout-builder\"; an address such as http://payout-builder:8080 is right")]
    [InlineData("verify --fees -1", "--fees is \"-1\"; a whole number from 0 to 1000000 is right")]
    [InlineData("retire --last 1", "give --builder ADDRESS")]
    [InlineData("retire --last 1 --offline", "say --confirm-unused")]
    [InlineData("retire --last 1 --builder http://localhost:1 --confirm-unused", "--confirm-unused belongs to --offline")]
    [InlineData("retire --last 1 --builder http://localhost:1 --offline --confirm-unused", "give --builder ADDRESS")]
    [InlineData("retire --builder http://localhost:1", "say which channels in one way")]
    [InlineData("retire --last 1 --number 3 --builder http://localhost:1", "say which channels in one way")]
    [InlineData("retire --number 1000 --builder http://localhost:1", "--number is \"1000\"; a whole number from 0 to 999 is right")]
    [InlineData("retire --last 1001 --builder http://localhost:1", "--last is \"1001\"; a whole number from 1 to 1000 is right")]
    [InlineData("retire --last 1 --wait 604801 --builder http://localhost:1", "--wait is \"604801\"; a whole number from 0 to 604800 is right")]
    [InlineData("keep --last 1", "Option '--builder' is required")]
    public async Task Should_be_refused_by_name(string line, string said)
    {
        await using var network = await PoolNetwork.StartAsync();

        var refused = await network.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        refused.Code.ShouldBe(ExitCodes.Usage, refused.Output + refused.Error);
        refused.Error.ShouldContain(said);
        network.Spent.ShouldBe(0);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("PAYOUT_CHANNEL_SECRET", null, "PAYOUT_CHANNEL_SECRET is missing; it holds 64 hex digits")]
    [InlineData("PAYOUT_CHANNEL_SECRET", "abc", "it has 3 characters; 64 hex digits are right")]
    [InlineData("CHANNEL_FUNDER_SECRET", null, "CHANNEL_FUNDER_SECRET is missing")]
    [InlineData("CHANNEL_FUNDER_SECRET", "SECRETLY-NOT-A-SEED", "CHANNEL_FUNDER_SECRET is not the secret seed")]
    [InlineData("SOROBAN_RPC_URL", null, "SOROBAN_RPC_URL is missing")]
    [InlineData("STELLAR_NETWORK_PASSPHRASE", "Test SDF Network ; September 2015", "they must be the same")]
    [InlineData("PAYOUT_CHANNEL_ACCOUNT", "G123", "PAYOUT_CHANNEL_ACCOUNT is not a setting; did you mean PAYOUT_CHANNEL_ACCOUNTS?")]
    [InlineData("PAYOUTS_CONFIRM_POLL_MS", "49", "PAYOUTS_CONFIRM_POLL_MS must be a whole number from 50 to 60000")]
    public async Task Should_name_a_setting_that_is_wrong(string name, string? value, string said)
    {
        await using var network = await PoolNetwork.StartAsync();
        network.Settings[name] = value;

        var refused = await network.RunAsync("create", "--count", "1");

        refused.Code.ShouldBe(ExitCodes.Usage, refused.Error);
        refused.Error.ShouldContain(said);
        refused.Error.ShouldNotContain("SECRETLY-NOT-A-SEED");
        network.Spent.ShouldBe(0);
    }

    /// <summary>Its numbers would be taken from payouts.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_refuse_a_funder_that_payouts_use()
    {
        await using var network = await PoolNetwork.StartAsync();
        network.Settings["PAYOUT_SOURCE_ACCOUNT"] = PoolNetwork.Funder.AccountId.ToString();
        (await network.RunAsync("create", "--count", "1")).Error.ShouldContain("CHANNEL_FUNDER_SECRET is the secret of PAYOUT_SOURCE_ACCOUNT");

        network.Settings.Remove("PAYOUT_SOURCE_ACCOUNT");
        network.Settings["CHANNEL_FUNDER_SECRET"] = Stellar.ChannelKeys.Derive(PoolNetwork.Secret, 999).ExportSecretSeed();
        (await network.RunAsync("create", "--count", "1")).Error.ShouldContain("CHANNEL_FUNDER_SECRET is key number 999 of PAYOUT_CHANNEL_SECRET");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_read_secrets_from_files()
    {
        await using var network = await PoolNetwork.StartAsync();
        foreach (var name in new[] { "PAYOUT_CHANNEL_SECRET", "CHANNEL_FUNDER_SECRET", "HTTP_API_KEY" })
        {
            network.Settings[name + "_FILE"] = network.FileOf(network.Settings[name] + "\n");
            network.Settings.Remove(name);
        }

        await network.DoneAsync("create", "--count", "1");

        network.Existing().ShouldBe(1);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_end_as_unfinished_when_nobody_answers()
    {
        await using var network = await PoolNetwork.StartAsync();
        network.Settings["SOROBAN_RPC_URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Payouts.Tests.Support.FreePort.Next()}/");

        var stopped = await network.RunAsync("list");

        stopped.Code.ShouldBe(ExitCodes.Unfinished);
        stopped.Error.ShouldContain("run the same command again");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("", "create fund verify list retire keep CHANNEL_FUNDER_SECRET NAME_FILE Exit codes")]
    [InlineData("create", "--count --from --balance --fee-account --max-fee --json")]
    [InlineData("fund", "--min --to --fee-account")]
    [InlineData("verify", "--fees --builder --count")]
    [InlineData("list", "--setting PAYOUT_CHANNEL_ACCOUNTS_FILE")]
    [InlineData("retire", "--number --last --builder --offline --confirm-unused --wait --by --reason")]
    [InlineData("keep", "--number --builder")]
    public async Task Should_explain_itself(string command, string words)
    {
        await using var network = await PoolNetwork.StartAsync();

        var help = await network.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        help.Code.ShouldBe(ExitCodes.Done);
        foreach (var word in words.Split(' '))
            help.Output.ShouldContain(word);
    }
}
