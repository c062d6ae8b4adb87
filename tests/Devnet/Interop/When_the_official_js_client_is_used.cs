using System.Text.RegularExpressions;
using Payouts.Devnet.Options;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Interop;

/// <summary>@stellar/stellar-sdk's rpc.Server, unmodified, as the client: what it cannot read, no client could.</summary>
public sealed partial class When_the_official_js_client_is_used
{
    private const int TimeoutMs = 240_000;

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_fund_simulate_send_poll_and_read_events()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await NodeProject.InstallAsync(cancellation);
        using var admin = TestNetwork.Key("admin");
        await using var devnet = await DevnetHost.StartAsync(
            new DevnetOptions
            {
                Port = 0,
                CloseTime = TimeSpan.FromMilliseconds(250),
                Accounts = [new GenesisAccount(admin.AccountId.ToString(), 10_000_000_000)],
                Payout = new PayoutContractOptions { Admin = admin.AccountId.ToString() },
            },
            cancellation: cancellation);

        var (exitCode, output) = await NodeProject.RunAsync(
            "node",
            ["--test", "--test-reporter=tap"],
            new Dictionary<string, string>
            {
                ["DEVNET_URL"] = devnet.Address.ToString(),
                ["DEVNET_PAYOUT_CONTRACT"] = devnet.Ledger.PayoutContract.ToString(),
                ["DEVNET_ADMIN_SECRET"] = admin.ExportSecretSeed(),
            },
            cancellation);

        exitCode.ShouldBe(0, output);
        int.Parse(Passed().Match(output).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(9, output);
    }

    [GeneratedRegex(@"^# pass (\d+)", RegexOptions.Multiline)]
    private static partial Regex Passed();
}
