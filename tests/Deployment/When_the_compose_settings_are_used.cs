using System.Globalization;
using Payouts.Devnet.Options;
using Payouts.Hosting.Web;
using Payouts.Stellar;

namespace Payouts.Tests.Deployment;

/// <summary>No Docker is needed to find out that a setting of the compose file is wrong: the programs are started with it.</summary>
public sealed class When_the_compose_settings_are_used
{
    private const int Channels = 20;
    private const int ExitConfiguration = 78;

    public static TheoryData<Component> Programs => [.. ComposeSuite.Programs];

    [Theory(Timeout = 180_000)]
    [MemberData(nameof(Programs))]
    public async Task Should_become_ready(Component component)
    {
        await using var devnet = await ComposeSuite.StartDevnetAsync(TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        await using var program = ComposeSuite.Create(component, Addresses(folder, devnet.Address));
        await program.StartAsync(TestContext.Current.CancellationToken);

        await using var asking = When_a_program_is_asked_for_its_health.Ask(component, program.Port);
        await asking.LaunchAsync();
        (await asking.WaitForExitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ShouldBe(0, asking.Output);

        if (component.Name == "payout-builder")
        {
            await Probe.Until(
                "the builder has found every channel on the ledger",
                async token => await program.Http.GetStringAsync("metrics", token),
                metrics => metrics.Contains($"channel_accounts{{state=\"free\"}} {Channels}\n", StringComparison.Ordinal)
                    && metrics.Contains("channel_accounts{state=\"missing\"} 0\n", StringComparison.Ordinal),
                cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("rounds", "DATABASE_URL", null)]
    [InlineData("payout-builder", "PAYOUT_CONTRACT_ID", "CC77XSE25LMC5UOM6Z6PMW2RDGXIBBUX2QA32ZC6MV6AD6VFVCB4O6WA")]
    [InlineData("payout-builder", "PAYOUTS_MAX_ATEMPTS", "5")]
    [InlineData("payout-signer", "PAYOUT_CHANNEL_SECRET", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("payout-submitter", "PAYOUT_TOKEN_CONTRACTS", null)]
    [InlineData("local-signer", "LOCAL_SIGNER_SECRET", null)]
    public async Task Should_catch_a_planted_wrong_or_missing_setting(string name, string setting, string? value)
    {
        using var folder = new TemporaryFolder();
        await using var program = ComposeSuite.Create(ComposeSuite.Programs.Single(one => one.Name == name), Addresses(folder, new Uri("http://127.0.0.1:9/")), environment =>
        {
            environment.Remove(setting);
            if (value is not null)
            {
                environment[setting] = value;
            }
        });
        await program.LaunchAsync();
        (await program.WaitForExitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBe(ExitConfiguration, program.Output);
        program.Output.ShouldContain(setting);
    }

    /// <summary>Whoever reads the log of a container that starts again and again finds the reason in its last line.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("rounds")]
    [InlineData("payout-submitter")]
    public async Task Should_say_in_one_line_that_the_database_is_away(string name)
    {
        using var folder = new TemporaryFolder();
        var port = FreePort.Next();
        await using var program = ComposeSuite.Create(ComposeSuite.Programs.Single(one => one.Name == name), Addresses(folder, new Uri("http://127.0.0.1:9/")),
            environment => environment["DATABASE_URL"] = string.Create(CultureInfo.InvariantCulture, $"postgres://somebody:secret@127.0.0.1:{port}/payouts"));
        await program.LaunchAsync();
        (await program.WaitForExitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBe(ServiceCommand.ExitUnavailable, program.Output);
        program.Output.Trim().ShouldBe(string.Create(CultureInfo.InvariantCulture, $"{name}: the database does not answer: Failed to connect to 127.0.0.1:{port}: Connection refused"));
    }

    [Fact]
    public void Should_listen_where_the_services_and_the_host_look_for_the_devnet()
    {
        var compose = ComposeSuite.Compose;
        var devnet = DevnetOptionsReader.Read(ComposeEnvironment.OfContainer(compose, Components.All.Single(one => one.Name == "devnet")), []);
        devnet.Host.ShouldBe("0.0.0.0");
        devnet.Port.ShouldBe(8080);
        compose.Services["devnet"].Ports.ShouldBe(["127.0.0.1:8000:8080"]);
        foreach (var url in ComposeSuite.Programs.Select(one => ComposeEnvironment.Of(compose, one.Name)).Where(one => one.ContainsKey("SOROBAN_RPC_URL")).Select(one => one["SOROBAN_RPC_URL"]))
        {
            url.ShouldBe("http://devnet:8080");
        }
    }

    [Fact]
    public void Should_keep_the_ledger_in_a_volume_that_its_image_prepares()
    {
        var devnet = ComposeSuite.Compose.Services["devnet"];
        var file = ComposeEnvironment.Of(ComposeSuite.Compose, "devnet")["DEVNET_STATE_FILE"];
        var folder = devnet.Volumes.ShouldHaveSingleItem().Split(':')[1];
        file.ShouldStartWith(folder + "/");
        File.ReadAllText(RepositoryRoot.PathOf("tools/devnet/Dockerfile")).ShouldContain($"COPY --from=build --chown=1654:1654 {folder} {folder}\n");
    }

    [Fact]
    public void Should_name_one_network_everywhere() => ComposeSuite.Compose.Services.Keys
        .Select(service => ComposeEnvironment.Of(ComposeSuite.Compose, service))
        .SelectMany(environment => new[] { "STELLAR_NETWORK_PASSPHRASE", "DEVNET_NETWORK_PASSPHRASE" }.Where(environment.ContainsKey).Select(name => environment[name]))
        .Distinct().ShouldHaveSingleItem();

    [Fact]
    public void Should_derive_the_channels_from_the_secret_and_fund_them()
    {
        var signer = ComposeEnvironment.Of(ComposeSuite.Compose, "payout-signer");
        var secret = Convert.FromHexString(signer["PAYOUT_CHANNEL_SECRET"]);
        var derived = Enumerable.Range(0, Channels).Select(index => KeyDerivation.Derive(secret, (uint)index).AccountId.ToString()).ToList();
        signer["PAYOUT_CHANNEL_ACCOUNTS"].Split(',').ShouldBe(derived);
        var funded = DevnetOptionsReader.Read(ComposeEnvironment.Of(ComposeSuite.Compose, "devnet"), []).Accounts.Select(account => account.PublicKey);
        funded.ShouldBe([signer["PAYOUT_SOURCE_ACCOUNT"], .. derived]);
    }

    [Fact]
    public void Should_give_the_payout_key_to_the_local_signer_alone()
    {
        var holders = ComposeSuite.Compose.Services.Where(service => service.Value.Environment.ContainsKey("LOCAL_SIGNER_SECRET")).Select(service => service.Key);
        holders.ShouldBe(["local-signer"]);
        var secret = ComposeEnvironment.Of(ComposeSuite.Compose, "local-signer")["LOCAL_SIGNER_SECRET"];
        KeyPair.FromSecretSeed(secret).AccountId.ToString().ShouldBe(ComposeEnvironment.Of(ComposeSuite.Compose, "payout-signer")["PAYOUT_SOURCE_ACCOUNT"]);
    }

    private static Dictionary<string, string> Addresses(TemporaryFolder folder, Uri rpc) => new()
    {
        ["DATABASE_URL"] = "sqlite:" + Path.Combine(folder.Path, "state.db"),
        ["RABBITMQ_URL"] = "inmemory",
        ["SOROBAN_RPC_URL"] = rpc.ToString(),
    };
}
