using System.Text.RegularExpressions;
using Payouts.Devnet.Options;
using Payouts.Tests.Support;
using Shouldly;
using Xunit;

namespace Payouts.Devnet.Tests.Interop;

/// <summary>@stellar/stellar-sdk's rpc.Server, unmodified, as the client: what it cannot read, no client could.</summary>
public sealed partial class When_the_official_js_client_is_used
{
    private const int TimeoutMs = 240_000;

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_read_every_answer_of_the_devnet()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var node = new NodeProject(Path.Combine(AppContext.BaseDirectory, "js"));
        await node.InstallAsync(cancellation);
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

        await using var manual = await DevnetHost.StartAsync(
            new DevnetOptions
            {
                Port = 0,
                CloseTime = TimeSpan.Zero,
                Accounts = [new GenesisAccount(admin.AccountId.ToString(), 10_000_000_000)],
                Payout = new PayoutContractOptions { Admin = admin.AccountId.ToString() },
            },
            cancellation: cancellation);

        var output = await node.RunAsync(
            ["--test", "--test-concurrency=1", "--test-reporter=tap"],
            new Dictionary<string, string>
            {
                ["DEVNET_URL"] = devnet.Address.ToString(),
                ["DEVNET_PAYOUT_CONTRACT"] = devnet.Ledger.PayoutContract.ToString(),
                ["DEVNET_MANUAL_URL"] = manual.Address.ToString(),
                ["DEVNET_MANUAL_CONTRACT"] = manual.Ledger.PayoutContract.ToString(),
                ["DEVNET_ADMIN_SECRET"] = admin.ExportSecretSeed(),
            },
            TimeSpan.FromMilliseconds(TimeoutMs),
            cancellation);

        int.Parse(Passed().Match(output).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(70, output);
    }

    [GeneratedRegex(@"^# pass (\d+)", RegexOptions.Multiline)]
    private static partial Regex Passed();
}
