using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Rpc;
using Payouts.Stellar;

namespace Payouts.Channels;

/// <summary>What the commands were told by the settings: the suite's own names, and the funder's secret.</summary>
public sealed record ToolSettings
{
    /// <summary>The secret seed of the account that pays for new channels and gets back what retired ones hold, S...; or CHANNEL_FUNDER_SECRET_FILE.</summary>
    public const string FunderSecretName = "CHANNEL_FUNDER_SECRET";

    // A token is header, payload and signature.
    private const int TokenDots = 2;

    /// <summary>The network.</summary>
    public required Network Network { get; init; }

    /// <summary>PAYOUT_CHANNEL_ACCOUNTS, in its order.</summary>
    public required IReadOnlyList<AccountId> Listed { get; init; }

    /// <summary>PAYOUT_FEE_ACCOUNT.</summary>
    public required AccountId? FeeAccount { get; init; }

    /// <summary>What one payout may cost, in stroops.</summary>
    public required long PayoutFeeMaxStroops { get; init; }

    /// <summary>How often the ledger is asked.</summary>
    public required TimeSpan PollInterval { get; init; }

    /// <summary>For payout-builder's door: a named key, a token, or a development network's key; null: it is on this host.</summary>
    public required string? ApiKey { get; init; }

    /// <summary>Who decides when the command does not say it; null: the key or token has a name, and no other would be taken.</summary>
    public string? Decider => ApiKey is { } key && (Payouts.Hosting.Access.ApiKey.IsOne(key) || key.Count('.') == TokenDots) ? null : Environment.UserName;

    /// <summary>Reads everything and registers the network's client; the keys are not part of the record, which can be printed.</summary>
    /// <exception cref="SettingsException">Names every wrong or missing setting, never a secret.</exception>
    public static (ToolSettings Settings, PoolKeys Keys, KeyPair? Funder) Read(IConfiguration configuration, IServiceCollection services, bool needsFunder)
    {
        var settings = new Settings(configuration);
        services.AddSorobanRpc(settings);
        var feeAccount = settings.Optional(SettingNames.FeeAccount) is null ? default(AccountId?)
            : settings.Parsed(SettingNames.FeeAccount, text => AccountId.Parse(text), "the account that pays for fee bumps, G...");
        var source = settings.Optional(SettingNames.SourceAccount) is null ? default(AccountId?)
            : settings.Parsed(SettingNames.SourceAccount, text => AccountId.Parse(text), "the payout source account, G...");
        var read = new ToolSettings
        {
            Network = new Network(settings.Required(SettingNames.NetworkPassphrase, "the network's passphrase, such as \"Test SDF Network ; September 2015\"")),
            Listed = settings.Parsed(SettingNames.ChannelAccounts, ChannelKeys.ParseAccounts, "channel accounts, G..., comma separated", ""),
            FeeAccount = feeAccount,
            PayoutFeeMaxStroops = settings.Number(SettingNames.MaxGasStroops, 2_000_000, 100, uint.MaxValue),
            PollInterval = TimeSpan.FromMilliseconds(settings.Number(SettingNames.ConfirmPollMs, 1_000, 50, 60_000)),
            ApiKey = settings.Optional(SettingNames.HttpApiKey),
        };
        var secret = settings.Parsed(SettingNames.ChannelSecret, ChannelKeys.ParseSecret, "64 hex digits");
        var keys = secret is null ? null : new PoolKeys(secret);
        var funder = needsFunder ? settings.Parsed(FunderSecretName, KeyPair.FromSecretSeed, "the secret seed of the account that pays for new channels, S...") : null;
        if (keys is not null && funder is not null && keys.Find(funder.AccountId) is { } own)
            settings.Refuse($"{FunderSecretName} is key number {own.Number} of {SettingNames.ChannelSecret}; a channel's numbers belong to payouts, take an account of its own");
        if (funder is not null && source == funder.AccountId)
            settings.Refuse($"{FunderSecretName} is the secret of {SettingNames.SourceAccount}; its numbers may belong to payouts, take an account of its own");
        settings.ThrowIfWrong();
        return (read, keys!, funder);
    }
}
