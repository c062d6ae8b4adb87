using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>The example signer of samples/signers/node, as another team would run it: amqplib, the official SDK, a key of its own.</summary>
public sealed class When_a_signer_in_another_language_signs(Servers servers)
{
    private const int ForgeriesMin = 57;

    /// <summary>Fewer than players: there is more to sign after the first ledger.</summary>
    private const int Channels = 10;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(120);
    private static readonly string[] Players = [.. Enumerable.Range(0, 50).Select(SuiteKeys.Player)];
    private static readonly NodeProject Signer = new(RepositoryRoot.PathOf("samples", "signers", "node"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Should_settle_a_round_also_when_it_is_killed_in_the_middle()
    {
        await Signer.InstallAsync(Cancelled);
        await using var suite = await StartAsync();
        await using (var first = await Signer.StartAsync(["signer.mjs"], SettingsFor(suite)))
        {
            await suite.Game.PlayAsync("node", 1, Players, Cancelled);
            await Probe.Until("it has signed", () => first.Output.Contains(": signed", StringComparison.Ordinal), Within, cancellationToken: Cancelled);
            await first.KillAsync(Within, Cancelled);
        }

        await using var second = await Signer.StartAsync(["signer.mjs"], SettingsFor(suite));
        await suite.SettledAsync("node", Within, Cancelled);
        suite.ShouldHavePaidEachOnce(1, Players);
        second.Output.ShouldContain(": signed");
        second.Output.ShouldNotContain("rejected");
        second.Output.ShouldNotContain(SuiteKeys.PayoutSource.ExportSecretSeed());
        (await second.StopAsync(Within, Cancelled)).ShouldBe(0, second.Output);
    }

    [Fact(Timeout = 240_000)]
    public async Task Should_authorize_calls_as_well()
    {
        await Signer.InstallAsync(Cancelled);
        await using var suite = await SuiteProcesses.StartAsync(servers, new SuiteOptions
        {
            Players = Players, Signing = SigningMode.Nobody, Channels = Channels, Extra = new Dictionary<string, string> { ["PAYOUTS_SIGNING_FORM"] = "authorization" },
        }, Cancelled);
        await using var signer = await Signer.StartAsync(["signer.mjs"], SettingsFor(suite));
        await suite.Game.PlayAsync("calls", 3, Players, Cancelled);
        await suite.SettledAsync("calls", Within, Cancelled);
        suite.ShouldHavePaidEachOnce(3, Players);
        signer.Output.ShouldNotContain("rejected");
    }

    [Fact(Timeout = 240_000)]
    public async Task Should_hear_its_reason_when_it_says_no()
    {
        await Signer.InstallAsync(Cancelled);
        await using var suite = await StartAsync();
        await using var signer = await Signer.StartAsync(["signer.mjs"], SettingsFor(suite).Append(new("SIGNER_AMOUNT_MAX", "0.0000001")));
        await suite.Game.PlayAsync("refused", 2, Players[..4], Cancelled);
        await Probe.Until("the payouts are on hold", async token => await suite.PayoutStatesAsync("refused", token), states => states is ["OnHold/SignerRejected 4"], Within, cancellationToken: Cancelled);
        var details = await suite.Database.ReadAsync<string>("select string_agg(distinct regexp_replace(hold_detail, '[0-9]+', 'N', 'g'), ' ') from payout_builder.payouts", Cancelled);
        details.ShouldNotBeNull().ShouldContain("a winner gets N stroops; this signer's limit is N");
        suite.Devnet.Ledger.Payouts().ShouldBeEmpty();
    }

    /// <summary>Its own tests: what it signs, and every forgery that it must refuse with the right reason.</summary>
    [Fact(Timeout = 240_000)]
    public async Task Should_pass_its_own_tests()
    {
        await Signer.InstallAsync(Cancelled);
        var output = await Signer.RunAsync(["--test", "--test-reporter=tap"], [], Within, Cancelled);
        output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal) && line.Contains("- refuses ", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(ForgeriesMin, output);
    }

    private Task<SuiteProcesses> StartAsync() =>
        SuiteProcesses.StartAsync(servers, new SuiteOptions { Players = Players, Signing = SigningMode.Nobody, Channels = Channels }, Cancelled);

    private static Dictionary<string, string> SettingsFor(SuiteProcesses suite) => new()
    {
        ["RABBITMQ_URL"] = suite.BrokerUsers["kms"],
        ["STELLAR_NETWORK_PASSPHRASE"] = suite.Devnet.Ledger.Network.Passphrase,
        ["PAYOUT_CONTRACT_ID"] = suite.Devnet.Ledger.PayoutContract.ToString(),
        ["PAYOUT_TOKEN_CONTRACTS"] = $"XLM={suite.NativeToken}",
        ["SIGNER_SECRET"] = SuiteKeys.PayoutSource.ExportSecretSeed(),
    };
}
