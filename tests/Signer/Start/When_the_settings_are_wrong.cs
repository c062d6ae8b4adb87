using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;
using Payouts.LocalSigner;
using Payouts.Signer.Configuration;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Start;

public sealed class When_the_settings_are_wrong
{
    private readonly Installation _installation = new();

    [Fact]
    public async Task Should_start_with_the_right_ones()
    {
        await using var app = Build(_ => { });
        app.Urls.ShouldBeEmpty("it is wired, not started");
    }

    /// <summary>Key number 1000 pays for fee bumps: no channel can have it.</summary>
    [Fact]
    public async Task Should_take_only_its_own_key_as_the_fee_account()
    {
        var secret = Convert.FromHexString(Installation.ChannelSecretHex);
        var (right, channel) = (KeyDerivation.Derive(secret, 1000).AccountId.ToString(), KeyDerivation.Derive(secret, 999).AccountId.ToString());
        await using var app = Build(settings => settings["PAYOUT_FEE_ACCOUNT"] = right);
        Refused("PAYOUT_FEE_ACCOUNT is " + channel, settings => settings["PAYOUT_FEE_ACCOUNT"] = channel).ShouldContain(right);
        Refused("PAYOUT_FEE_ACCOUNT is not the account that pays for fee bumps", settings => settings["PAYOUT_FEE_ACCOUNT"] = "G123");
        Refused("PAYOUT_CHANNEL_SECRET is missing", settings => (settings["PAYOUT_FEE_ACCOUNT"], settings["PAYOUT_CHANNEL_SECRET"], settings["PAYOUT_CHANNEL_ACCOUNTS"]) = (right, null, null));
        Refused("not among the first 1000 keys", settings => settings["PAYOUT_CHANNEL_ACCOUNTS"] = right);
    }

    [Fact]
    public void Should_refuse_a_hot_key_of_another_account() => Refused("PAYOUT_HOT_SIGNER_SECRET is the secret of", settings =>
    {
        settings["PAYOUTS_SIGN_WITH_HOT_KEY"] = "true";
        settings["PAYOUT_HOT_SIGNER_SECRET"] = _installation.StrangerKey.ExportSecretSeed();
    }).ShouldNotContain(_installation.StrangerKey.ExportSecretSeed());

    [Fact]
    public async Task Should_refuse_a_hot_key_on_the_public_network_without_the_second_switch()
    {
        void OnPublic(Dictionary<string, string?> settings)
        {
            settings["STELLAR_NETWORK_PASSPHRASE"] = Network.Public.Passphrase;
            settings["PAYOUTS_SIGN_WITH_HOT_KEY"] = "true";
            settings["PAYOUT_HOT_SIGNER_SECRET"] = _installation.PayoutKey.ExportSecretSeed();
        }

        Refused("PAYOUTS_HOT_KEY_ON_PUBLIC_NETWORK=true", OnPublic);
        await using var app = Build(settings =>
        {
            OnPublic(settings);
            settings["PAYOUTS_HOT_KEY_ON_PUBLIC_NETWORK"] = "true";
        });
    }

    [Fact]
    public void Should_refuse_a_payout_secret_that_nobody_asked_for() => Refused("PAYOUT_HOT_SIGNER_SECRET is set although", settings =>
        settings["PAYOUT_HOT_SIGNER_SECRET"] = _installation.PayoutKey.ExportSecretSeed());

    [Fact]
    public void Should_refuse_a_hot_key_that_is_no_secret() => Refused("PAYOUT_HOT_SIGNER_SECRET is not the secret seed", settings =>
    {
        settings["PAYOUTS_SIGN_WITH_HOT_KEY"] = "true";
        settings["PAYOUT_HOT_SIGNER_SECRET"] = "SECRETLY-NOT-A-SEED";
    }).ShouldNotContain("SECRETLY-NOT-A-SEED");

    [Fact]
    public void Should_refuse_a_channel_account_that_the_secret_does_not_give()
    {
        var said = Refused("PAYOUT_CHANNEL_ACCOUNTS lists", settings => settings["PAYOUT_CHANNEL_ACCOUNTS"] += $",{_installation.StrangerKey.AccountId}");
        said.ShouldContain(_installation.StrangerKey.AccountId.ToString());
        said.ShouldContain($"first {ChannelKeys.ChannelsMax} keys");
        said.ShouldNotContain(Installation.ChannelSecretHex);
    }

    [Fact]
    public async Task Should_find_the_last_channel_account_within_the_bound_and_none_beyond()
    {
        AccountId At(uint index) => KeyDerivation.Derive(Convert.FromHexString(Installation.ChannelSecretHex), index).AccountId;
        await using (Build(settings => settings["PAYOUT_CHANNEL_ACCOUNTS"] = At(ChannelKeys.ChannelsMax - 1).ToString()))
            Refused("PAYOUT_CHANNEL_ACCOUNTS lists", settings => settings["PAYOUT_CHANNEL_ACCOUNTS"] = At(ChannelKeys.FeeKeyNumber).ToString());
    }

    [Fact]
    public async Task Should_hold_the_keys_of_a_thousand_channels_from_a_file_and_no_more()
    {
        var path = Path.GetTempFileName();
        try
        {
            var accounts = Enumerable.Range(0, 1001).Select(x => ChannelKeys.Derive(Convert.FromHexString(Installation.ChannelSecretHex), (uint)x).AccountId).ToList();
            void FromFile(Dictionary<string, string?> settings)
            {
                settings.Remove("PAYOUT_CHANNEL_ACCOUNTS");
                settings["PAYOUT_CHANNEL_ACCOUNTS_FILE"] = path;
            }

            await File.WriteAllTextAsync(path, string.Join('\n', accounts.Take(1000)), TestContext.Current.CancellationToken);
            await using (var app = Build(FromFile))
                app.Services.GetRequiredService<SigningKeys>().Channels.Keys.ShouldBe(accounts.Take(1000), ignoreOrder: true);
            await File.WriteAllTextAsync(path, string.Join('\n', accounts), TestContext.Current.CancellationToken);
            Refused("PAYOUT_CHANNEL_ACCOUNTS is not channel accounts", FromFile).ShouldContain("1000 at most are right");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("PAYOUT_CHANNEL_SECRET", "abc", "64 hex digits")]
    [InlineData("PAYOUT_CHANNEL_SECRET", null, "PAYOUT_CHANNEL_SECRET is missing")]
    [InlineData("PAYOUT_CHANNEL_ACCOUNTS", "G123", "PAYOUT_CHANNEL_ACCOUNTS is not")]
    [InlineData("PAYOUT_SOURCE_ACCOUNT", "C123", "PAYOUT_SOURCE_ACCOUNT is not")]
    [InlineData("PAYOUT_CONTRACT_ID", null, "PAYOUT_CONTRACT_ID is missing")]
    [InlineData("PAYOUT_METHOD_NAME", "pay me", "PAYOUT_METHOD_NAME is not")]
    [InlineData("PAYOUT_ARGUMENT_LAYOUT", "winner:address", "PAYOUT_ARGUMENT_LAYOUT is not")]
    [InlineData("PAYOUT_TOKEN_CONTRACTS", "XLM", "PAYOUT_TOKEN_CONTRACTS is not")]
    [InlineData("PAYOUTS_MAX_GAS_STROOPS", "free", "PAYOUTS_MAX_GAS_STROOPS must be")]
    [InlineData("STELLAR_NETWORK_PASSPHRASE", null, "STELLAR_NETWORK_PASSPHRASE is missing")]
    [InlineData("DATABASE_URL", null, "DATABASE_URL is missing")]
    [InlineData("DATABASE_URL", "mysql://here", "DATABASE_URL is not")]
    public void Should_name_the_key(string key, string? value, string said) => Refused(said, settings => settings[key] = value);

    [Fact]
    public void Should_keep_the_local_signer_off_the_public_network()
    {
        var settings = new Dictionary<string, string?>
        {
            ["RABBITMQ_URL"] = "inmemory",
            ["STELLAR_NETWORK_PASSPHRASE"] = Network.Public.Passphrase,
            ["LOCAL_SIGNER_SECRET"] = _installation.PayoutKey.ExportSecretSeed(),
        };
        Should.Throw<SettingsException>(() => SignerHost.Build(settings, null, null, new LogRecorder(), [new LocalSignerModule()]))
            .Message.ShouldContain("the local signer is for development networks");
    }

    private string Refused(string said, Action<Dictionary<string, string?>> change)
    {
        var problem = Should.Throw<SettingsException>(() => Build(change)).Problems.ShouldHaveSingleItem();
        problem.ShouldContain(said);
        return problem;
    }

    private WebApplication Build(Action<Dictionary<string, string?>> change)
    {
        var settings = _installation.Settings("sqlite:unused.db");
        // Callers have names, as the public network demands: what is wrong here is something else.
        settings["HTTP_JWT_AUTHORITY"] = "https://issuer.test/";
        settings["HTTP_JWT_AUDIENCE"] = "payouts";
        change(settings);
        return SignerHost.Build(settings, null, null, new LogRecorder(), [new PayoutSignerModule()]);
    }
}
