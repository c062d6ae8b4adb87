using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;
using Payouts.Signer.Tests.Support;
using Payouts.SignerWorker;
using Payouts.Signers;
using Payouts.Tests.Signers;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Start;

/// <summary>The settings of the one place where the payout source account's key is.</summary>
public sealed class When_the_provider_is_chosen : IDisposable
{
    private readonly Installation _installation = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("external", false)]
    [InlineData("external", true)]
    [InlineData("hot-key", true)]
    [InlineData(null, true)]
    [InlineData(null, false)]
    public async Task Should_keep_the_older_switch_of_the_hot_key(string? provider, bool hot)
    {
        void Settings(Dictionary<string, string?> settings)
        {
            settings["PAYOUTS_SIGNING_PROVIDER"] = provider;
            settings["PAYOUTS_SIGN_WITH_HOT_KEY"] = hot ? "true" : "false";
            settings["PAYOUT_HOT_SIGNER_SECRET"] = hot ? _installation.PayoutKey.ExportSecretSeed() : null;
        }

        if (provider == "external" && hot)
            Problems(Settings).ShouldHaveSingleItem().ShouldContain("PAYOUTS_SIGNING_PROVIDER is external, but PAYOUTS_SIGN_WITH_HOT_KEY is true");
        else
        {
            await using var app = Build(Settings);
            app.Services.GetService<GuardedKey>().ShouldBeNull();
        }
    }

    [Fact]
    public void Should_refuse_a_hot_key_that_only_one_of_two_settings_wants() => Problems(settings => settings["PAYOUTS_SIGNING_PROVIDER"] = "hot-key")
        .ShouldHaveSingleItem().ShouldContain("PAYOUTS_SIGN_WITH_HOT_KEY is not true");

    [Fact]
    public void Should_refuse_a_hot_key_beside_a_provider() => Problems(settings =>
    {
        Vault(settings);
        settings["PAYOUTS_SIGN_WITH_HOT_KEY"] = "true";
        settings["PAYOUT_HOT_SIGNER_SECRET"] = _installation.PayoutKey.ExportSecretSeed();
    }).ShouldHaveSingleItem().ShouldContain("two places cannot hold the one key");

    [Theory]
    [InlineData("azure", "must be one of external, hot-key, pkcs11, aws-kms, gcp-kms, vault")]
    [InlineData("Vault", "must be one of")]
    public void Should_name_the_providers(string value, string said) => Problems(settings => settings["PAYOUTS_SIGNING_PROVIDER"] = value).ShouldHaveSingleItem().ShouldContain(said);

    [Theory]
    [InlineData("external", "SIGNER_VAULT_KEY_NAME")]
    [InlineData(null, "SIGNER_TIMEOUT_MS")]
    [InlineData("vault", "SIGNER_AWS_KEY_ID")]
    [InlineData("vault", "SIGNER_PKCS11_PIN")]
    public void Should_refuse_a_setting_of_another_provider(string? provider, string foreign) => Problems(settings =>
    {
        if (provider == "vault")
            Vault(settings);
        settings["PAYOUTS_SIGNING_PROVIDER"] = provider;
        settings[foreign] = "1";
    }).ShouldHaveSingleItem().ShouldStartWith($"{foreign} is set, but PAYOUTS_SIGNING_PROVIDER is {provider ?? "external"}");

    [Fact]
    public void Should_refuse_a_misspelt_setting_by_name() => Problems(settings => settings["SIGNER_VAULT_KEYNAME"] = "x")
        .ShouldHaveSingleItem().ShouldBe("SIGNER_VAULT_KEYNAME is not a setting; did you mean SIGNER_VAULT_KEY_NAME?");

    [Theory]
    [InlineData("SIGNER_VAULT_ADDRESS", null, "SIGNER_VAULT_ADDRESS is missing")]
    [InlineData("SIGNER_VAULT_ADDRESS", "http://vault.example:8200", "http:// only to this host")]
    [InlineData("SIGNER_VAULT_TOKEN_FILE", null, "SIGNER_VAULT_TOKEN_FILE is missing")]
    [InlineData("SIGNER_VAULT_TOKEN_FILE", "no-such-file", "does not exist")]
    [InlineData("SIGNER_VAULT_KEY_NAME", null, "SIGNER_VAULT_KEY_NAME is missing")]
    [InlineData("SIGNER_VAULT_KEY_VERSION", null, "a rotated key is another account")]
    [InlineData("SIGNER_VAULT_KEY_VERSION", "latest", "SIGNER_VAULT_KEY_VERSION must be a whole number")]
    [InlineData("SIGNER_TIMEOUT_MS", "0", "SIGNER_TIMEOUT_MS must be")]
    [InlineData("SIGNER_CONCURRENCY", "65", "SIGNER_CONCURRENCY must be")]
    public void Should_name_the_key_of_vault(string key, string? value, string said) => Problems(settings =>
    {
        Vault(settings);
        settings[key] = value;
    }).ShouldHaveSingleItem().ShouldContain(said);

    [Fact]
    public void Should_not_take_a_secret_that_cannot_change_without_a_restart() => Problems(settings =>
    {
        Vault(settings);
        settings["SIGNER_VAULT_TOKEN_FILE"] = null;
        settings["SIGNER_VAULT_TOKEN"] = "hvs.in-the-environment";
    }).ShouldHaveSingleItem().ShouldBe("SIGNER_VAULT_TOKEN is set; put it into a file and name that in SIGNER_VAULT_TOKEN_FILE: it is read again when it changes");

    [Theory]
    [InlineData("aws-kms", "SIGNER_AWS_KEY_ID is missing|SIGNER_AWS_REGION is missing")]
    [InlineData("gcp-kms", "SIGNER_GCP_KEY_VERSION is missing")]
    [InlineData("pkcs11", "SIGNER_PKCS11_MODULE is missing|SIGNER_PKCS11_TOKEN_LABEL is missing|SIGNER_PKCS11_PIN_FILE is missing|neither SIGNER_PKCS11_KEY_LABEL nor SIGNER_PKCS11_KEY_ID")]
    public void Should_name_everything_that_is_missing(string provider, string said)
    {
        var problems = Problems(settings => settings["PAYOUTS_SIGNING_PROVIDER"] = provider);
        problems.Count.ShouldBe(said.Split('|').Length, string.Join(Environment.NewLine, problems));
        foreach (var (problem, expected) in problems.Zip(said.Split('|')))
            problem.ShouldContain(expected);
    }

    [Theory]
    [InlineData("projects/p/locations/l/keyRings/r/cryptoKeys/k")]
    [InlineData("projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/latest")]
    [InlineData("projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1/../2")]
    public void Should_take_a_google_key_only_with_its_version(string name) => Problems(settings =>
    {
        settings["PAYOUTS_SIGNING_PROVIDER"] = "gcp-kms";
        settings["SIGNER_GCP_KEY_VERSION"] = name;
    }).ShouldHaveSingleItem().ShouldContain("cryptoKeyVersions/N is right");

    /// <summary>Another account's key is a wrong setting: the same line and exit code as any other, before anything has started.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("payout-signer")]
    [InlineData("signer-worker")]
    public async Task Should_stop_the_start_with_another_accounts_key(string program)
    {
        await using var vault = new VaultDouble { Key = _installation.StrangerKey };
        await vault.StartAsync(TestContext.Current.CancellationToken);
        var database = Path.Combine(Path.GetTempPath(), $"payouts-{Guid.NewGuid():N}.db");
        var settings = _installation.Settings($"sqlite:{database}");
        foreach (var (name, value) in vault.Settings)
            settings[name] = value;
        settings[program == "payout-signer" ? "PAYOUTS_SIGNING_PROVIDER" : "SIGNER_PROVIDER"] = "vault";
        await using var app = SignerHost.Build(settings, null, null, new LogRecorder(), [program == "payout-signer" ? new PayoutSignerModule() : new SignerWorkerModule()]);

        var wrong = await Should.ThrowAsync<SettingsException>(() => ServiceHost.StartAsync(app, TestContext.Current.CancellationToken));
        File.Exists(database).ShouldBeFalse("nothing was migrated with another account's key");
        wrong.Problems.ShouldHaveSingleItem().ShouldBe(
            $"PAYOUT_SOURCE_ACCOUNT is {_installation.PayoutKey.AccountId}, but the key of vault is {_installation.StrangerKey.AccountId}'s; they must be the same account");
    }

    /// <summary>A worker whose key is one of several says which setting is wrong.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_name_the_workers_own_account_when_its_key_is_another()
    {
        await using var vault = new VaultDouble { Key = _installation.StrangerKey };
        await vault.StartAsync(TestContext.Current.CancellationToken);
        await using var app = Worker(vault, ("SIGNER_ACCOUNT", _installation.SignerKeys[0].AccountId.ToString()));
        var wrong = await Should.ThrowAsync<SettingsException>(() => app.Services.GetRequiredService<IStartCheck>().CheckAsync(TestContext.Current.CancellationToken));
        wrong.Problems.ShouldHaveSingleItem().ShouldStartWith($"SIGNER_ACCOUNT is {_installation.SignerKeys[0].AccountId}, but the key of vault is {_installation.StrangerKey.AccountId}'s");
    }

    [Fact]
    public void Should_give_a_worker_a_queue_of_its_own_that_its_broker_user_may_have()
    {
        var longest = "signer-worker." + new string('q', 255 - "signer-worker.".Length);
        foreach (var right in new[] { "", "signer-worker.second", longest })
            Queue(right).ShouldBe(right.Length == 0 ? "signer-worker.signing-requested" : right);
        foreach (var wrong in new[] { "kms.second", "signer-worker.", longest + "q" })
            Should.Throw<SettingsException>(() => Queue(wrong)).Problems.ShouldHaveSingleItem().ShouldContain("SIGNER_QUEUE is not a queue of this program's own");
    }

    private string Queue(string text)
    {
        var values = _installation.Settings("sqlite:unused.db");
        Vault(values);
        (values["SIGNER_PROVIDER"], values["SIGNER_QUEUE"]) = ("vault", text);
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        var read = SignerWorkerSettings.Read(settings);
        settings.ThrowIfWrong();
        return read.ShouldNotBeNull().Queue;
    }

    private WebApplication Worker(VaultDouble vault, (string Name, string Value) setting)
    {
        var settings = _installation.Settings("sqlite:unused.db");
        foreach (var (name, value) in vault.Settings)
            settings[name] = value;
        settings["SIGNER_PROVIDER"] = "vault";
        settings[setting.Name] = setting.Value;
        return SignerHost.Build(settings, null, null, new LogRecorder(), [new SignerWorkerModule()]);
    }

    /// <summary>Found only after the start, when the provider answers at last: the program stops itself.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_stop_later_when_the_provider_answered_late()
    {
        await using var vault = new VaultDouble { Key = _installation.StrangerKey };
        await vault.StartAsync(TestContext.Current.CancellationToken);
        vault.Always = vault.Failure(DoubleFailure.Internal);
        var settings = _installation.Settings("sqlite:unused.db");
        foreach (var (name, value) in vault.Settings)
            settings[name] = value;
        settings["SIGNER_PROVIDER"] = "vault";
        await using var app = SignerHost.Build(settings, null, null, new LogRecorder(), [new SignerWorkerModule()]);
        await app.Services.GetRequiredService<IStartCheck>().CheckAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        vault.Always = null;
        await Microsoft.Extensions.Hosting.HostingAbstractionsHostExtensions.WaitForShutdownAsync(app, TestContext.Current.CancellationToken);
        app.Services.GetRequiredService<LateProblem>().Text!.ShouldContain("they must be the same account");
    }

    private void Vault(Dictionary<string, string?> settings)
    {
        settings["PAYOUTS_SIGNING_PROVIDER"] = "vault";
        settings["SIGNER_VAULT_ADDRESS"] = "https://vault.example:8200";
        settings["SIGNER_VAULT_TOKEN_FILE"] = _file;
        settings["SIGNER_VAULT_KEY_NAME"] = "payouts";
        settings["SIGNER_VAULT_KEY_VERSION"] = "1";
    }

    private IReadOnlyList<string> Problems(Action<Dictionary<string, string?>> change) => Should.Throw<SettingsException>(() => Build(change)).Problems;

    private WebApplication Build(Action<Dictionary<string, string?>> change)
    {
        var settings = _installation.Settings("sqlite:unused.db");
        change(settings);
        return SignerHost.Build(settings, null, null, new LogRecorder(), [new PayoutSignerModule()]);
    }
}
