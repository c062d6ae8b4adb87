using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Configuration;
using Payouts.Signer.Configuration;
using Payouts.Signer.Tests.Support;
using Payouts.Stellar;
using Shouldly;
using Xunit;

namespace Payouts.Signer.Tests.Start;

public sealed class When_several_signers_are_set
{
    private readonly Installation _installation = new();

    [Fact]
    public async Task Should_ask_the_accounts_own_key_without_them()
    {
        await using var app = Build(_ => { });
        var signers = app.Services.GetRequiredService<SignerPolicy>().Signers;
        signers.Keys.ShouldBe([_installation.PayoutKey.AccountId]);
        signers.Threshold.ShouldBe(1);
    }

    [Fact]
    public async Task Should_know_each_key_with_its_weight()
    {
        await using var app = Build(settings => Set(settings, $" {_installation.Weighted(1, 2)} , {_installation.PayoutKey.AccountId}=255", "3"));
        var signers = app.Services.GetRequiredService<SignerPolicy>().Signers;
        signers.Keys.Select(key => (key, signers.WeightOf(key)))
            .ShouldBe([(_installation.SignerKeys[0].AccountId, 1), (_installation.SignerKeys[1].AccountId, 2), (_installation.PayoutKey.AccountId, 255)]);
        signers.Threshold.ShouldBe(3);
        signers.WeightOf(_installation.StrangerKey.AccountId).ShouldBe(0);
    }

    [Theory]
    [InlineData("{0}=1,{0}=1", "1", "stands twice in the list")]
    [InlineData("{0}=0,{1}=1", "1", "weighs 0; 1 to 255 is right")]
    [InlineData("{0}=256", "1", "weighs 256; 1 to 255 is right")]
    [InlineData("{0}", "1", "has no weight; write G...=1")]
    [InlineData("{0}=-1", "1", "has no weight; write G...=1")]
    [InlineData("G123=1", "1", "PAYOUT_SOURCE_SIGNERS is not G...=WEIGHT, comma separated")]
    [InlineData(",", "1", "there are 0 keys; 1 to 19 are right")]
    [InlineData("{0}=1,{1}=1", "3", "the threshold is 3, but all keys together weigh 2: it can never be reached")]
    [InlineData("{0}=1,{1}=1", null, "PAYOUT_SOURCE_THRESHOLD is missing")]
    [InlineData("{0}=1,{1}=1", "two", "PAYOUT_SOURCE_THRESHOLD must be a whole number from 1 to 255")]
    [InlineData(null, "2", "PAYOUT_SOURCE_THRESHOLD is set without PAYOUT_SOURCE_SIGNERS")]
    public void Should_name_what_is_wrong(string? signers, string? threshold, string said) => Problem(settings =>
        Set(settings, signers is null ? null : signers.Replace("{0}", $"{_installation.SignerKeys[0].AccountId}", StringComparison.Ordinal).Replace("{1}", $"{_installation.SignerKeys[1].AccountId}", StringComparison.Ordinal), threshold))
        .ShouldContain(said);

    [Fact]
    public async Task Should_take_19_keys_and_no_more()
    {
        SourceSigners.KeysMax.ShouldBe(19);
        await using (Build(settings => Set(settings, _installation.Weighted([.. Enumerable.Repeat(1, 19)]), "19")))
            Problem(settings => Set(settings, _installation.Weighted([.. Enumerable.Repeat(1, 20)]), "19")).ShouldContain("there are 20 keys; 1 to 19 are right");
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("255", true)]
    [InlineData("256", false)]
    public async Task Should_take_a_threshold_of_1_to_255(string threshold, bool taken)
    {
        if (taken)
            await using (Build(settings => Set(settings, _installation.Weighted(200, 200), threshold)))
                return;
        Problem(settings => Set(settings, _installation.Weighted(200, 200), threshold)).ShouldContain("PAYOUT_SOURCE_THRESHOLD must be a whole number from 1 to 255");
    }

    /// <summary>A key of this process signs alone: no threshold of several is reached, or nobody outside is asked.</summary>
    [Fact]
    public void Should_refuse_a_key_of_this_process_beside_them()
    {
        Problem(settings =>
        {
            Set(settings, _installation.Weighted(1, 1), "2");
            settings["PAYOUTS_SIGN_WITH_HOT_KEY"] = "true";
            settings["PAYOUT_HOT_SIGNER_SECRET"] = _installation.PayoutKey.ExportSecretSeed();
        }).ShouldContain("PAYOUT_SOURCE_SIGNERS is set and PAYOUTS_SIGN_WITH_HOT_KEY is true");
        Problem(settings =>
        {
            Set(settings, _installation.Weighted(1, 1), "2");
            settings["PAYOUTS_SIGNING_PROVIDER"] = "vault";
            settings["SIGNER_VAULT_ADDRESS"] = "https://vault:8200";
            settings["SIGNER_VAULT_KEY_NAME"] = "payouts";
            settings["SIGNER_VAULT_KEY_VERSION"] = "1";
            settings["SIGNER_VAULT_TOKEN_FILE"] = typeof(SourceSigners).Assembly.Location;
        }).ShouldContain("PAYOUT_SOURCE_SIGNERS is set and PAYOUTS_SIGNING_PROVIDER is vault");
    }

    /// <summary>The channel's signature is on every envelope: it must never count as somebody's consent.</summary>
    [Fact]
    public void Should_refuse_a_signer_whose_key_is_here()
    {
        var fee = KeyDerivation.Derive(Convert.FromHexString(Installation.ChannelSecretHex), ChannelKeys.FeeKeyNumber).AccountId.ToString();
        foreach (var own in new[] { _installation.Channels[0].AccountId.ToString(), fee })
        {
            Problem(settings =>
            {
                Set(settings, $"{_installation.Weighted(1)},{own}=1", "2");
                settings["PAYOUT_FEE_ACCOUNT"] = fee;
            }).ShouldContain($"PAYOUT_SOURCE_SIGNERS lists {own}");
        }
    }

    private static void Set(Dictionary<string, string?> settings, string? signers, string? threshold) =>
        (settings["PAYOUT_SOURCE_SIGNERS"], settings["PAYOUT_SOURCE_THRESHOLD"]) = (signers, threshold);

    private string Problem(Action<Dictionary<string, string?>> change) => Should.Throw<SettingsException>(() => Build(change)).Problems.ShouldHaveSingleItem();

    private WebApplication Build(Action<Dictionary<string, string?>> change)
    {
        var settings = _installation.Settings("sqlite:unused.db");
        change(settings);
        return SignerHost.Build(settings, null, null, new LogRecorder(), [new PayoutSignerModule()]);
    }
}
