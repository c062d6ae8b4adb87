using Payouts.Tests.Signers;
using Payouts.Tests.Suite;
using Payouts.Tests.Support;

namespace Payouts.Tests.EndToEnd;

/// <summary>The payout source account's key is generated in a PKCS#11 token and never leaves it: fifty players are paid all the same.</summary>
public sealed class When_a_token_keeps_the_key(Servers servers, SoftHsm hsm)
{
    private const int ExitConfiguration = 78;
    private const string VerifiedPoint = "payout-signer/AnswerDesk/verified";
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(120);
    private static readonly string[] Players = [.. Enumerable.Range(300, 50).Select(SuiteKeys.Player)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>payout-signer asks the token itself; it is killed once with a signature in hand that is not committed yet.</summary>
    [Fact(Timeout = 240_000)]
    public async Task Should_settle_a_round_that_payout_signer_signs()
    {
        var steps = Directory.CreateTempSubdirectory("payouts-steps-").FullName;
        await File.WriteAllTextAsync(Path.Combine(steps, "stop-at"), VerifiedPoint + "#10", Cancelled);
        await using var suite = await StartAsync(SigningMode.Provider, (name, settings) =>
        {
            if (name == "payout-signer")
                settings["PAYOUTS_FAULT_STEPS"] = steps;
        });
        await suite.Game.PlayAsync("token", 1, Players, Cancelled);

        var signer = suite["payout-signer"];
        await Probe.Until("payout-signer is killed with the tenth signature in hand", _ => Task.FromResult(signer.IsRunning), runs => !runs, Within, cancellationToken: Cancelled);
        await File.WriteAllTextAsync(Path.Combine(steps, "stop-at"), "", Cancelled);
        await signer.StartAsync(Cancelled);
        await suite.SettledAsync("token", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(1, Players);
        (await suite.OpenLettersAsync(Cancelled)).ShouldBeEmpty();
        (await suite.Database.ReadAsync<long>("select count(*) from payout_signer.sign_requests where decision = 'Signed'", Cancelled)).ShouldBe(Players.Length);
        Directory.Delete(steps, recursive: true);
    }

    /// <summary>signer-worker is the third party: it knows the requests and the token, and nothing else of the suite.</summary>
    [Fact(Timeout = 240_000)]
    public async Task Should_settle_a_round_that_the_worker_signs()
    {
        await using var suite = await StartAsync(SigningMode.Worker);
        await suite.Game.PlayAsync("worker", 2, Players, Cancelled);
        await suite.SettledAsync("worker", Within, Cancelled);

        suite.ShouldHavePaidEachOnce(2, Players);
        (await suite.OpenLettersAsync(Cancelled)).ShouldBeEmpty();
        (await suite["signer-worker"].StopAsync(Cancelled)).ShouldBe(0, suite["signer-worker"].Output);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("signer-worker", "SIGNER_PROVIDER")]
    [InlineData("payout-signer", "PAYOUTS_SIGNING_PROVIDER")]
    public async Task Should_not_start_with_another_accounts_key(string name, string providerSetting)
    {
        var token = hsm.CreateToken();
        var found = token.GenerateKey("payouts");
        var database = Path.Combine(Path.GetTempPath(), $"payouts-{Guid.NewGuid():N}.db");
        await using var process = new ServiceProcess(new ServiceProcessOptions
        {
            Assembly = RepositoryRoot.AssemblyOf($"services/{name}", $"payouts-{name}"),
            Environment = new Dictionary<string, string>(token.Settings("payouts"))
            {
                [providerSetting] = "pkcs11",
                ["DATABASE_URL"] = $"sqlite:{database}",
                ["RABBITMQ_URL"] = "inmemory",
                ["STELLAR_NETWORK_PASSPHRASE"] = "Standalone Network ; February 2017",
                ["PAYOUT_CONTRACT_ID"] = "CC77XSE25LMC5UOM6Z6PMW2RDGXIBBUX2QA32ZC6MV6AD6VFVCB4O6WF",
                ["PAYOUT_SOURCE_ACCOUNT"] = SuiteKeys.PayoutSource.AccountId.ToString(),
            },
        });
        await process.LaunchAsync();
        (await process.WaitForExitAsync(TimeSpan.FromSeconds(40), Cancelled)).ShouldBe(ExitConfiguration, process.Output);
        File.Delete(database);
        process.Output.Trim().ShouldBe($"{name}: PAYOUT_SOURCE_ACCOUNT is {SuiteKeys.PayoutSource.AccountId}, but the key of pkcs11 is {found}'s; they must be the same account");
    }

    private async Task<SuiteProcesses> StartAsync(SigningMode signing, Action<string, Dictionary<string, string>>? adjust = null)
    {
        var token = hsm.CreateToken();
        return await SuiteProcesses.StartAsync(servers, new SuiteOptions
        {
            PayoutSource = token.GenerateKey("payouts"),
            Signing = signing,
            Provider = ("pkcs11", token.Settings("payouts")),
            Players = Players,
            Adjust = adjust ?? ((_, _) => { }),
        }, Cancelled);
    }
}
