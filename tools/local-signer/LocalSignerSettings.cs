using Payouts.Hosting.Configuration;
using Payouts.Signers.Requests;
using Payouts.Stellar;

namespace Payouts.LocalSigner;

/// <summary>The network it signs for, and the key it signs with.</summary>
/// <param name="Network">Never the public network.</param>
/// <param name="Key">The payout source account's own, or one of several that sign for it.</param>
/// <param name="Source">The payout source account; null: the key's own.</param>
public sealed record LocalSignerSettings(Network Network, KeyPair Key, AccountId? Source = null)
{
    /// <summary>The secret seed, S...; or LOCAL_SIGNER_SECRET_FILE.</summary>
    public const string SecretName = "LOCAL_SIGNER_SECRET";

    /// <summary>What it signs for.</summary>
    public RequestPolicy Policy => new(Network, Key.AccountId, Source: Source);

    /// <summary>Reads the settings; null when one is wrong, which stops the start.</summary>
    public static LocalSignerSettings? Read(Settings settings)
    {
        var network = new Network(settings.Required(SettingNames.NetworkPassphrase, "the network's passphrase, such as \"Standalone Network ; February 2017\""));
        var key = settings.Parsed(SecretName, KeyPair.FromSecretSeed, "the secret seed of a key of the payout source account, S...");
        var source = settings.Optional(SettingNames.SourceAccount) is null ? default(AccountId?)
            : settings.Parsed(SettingNames.SourceAccount, text => AccountId.Parse(text), "the payout source account, G...");
        if (network.Equals(Network.Public))
            settings.Refuse($"{SettingNames.NetworkPassphrase} is the public network; the local signer is for development networks, use a KMS there");
        return key is null ? null : new LocalSignerSettings(network, key, source);
    }
}
