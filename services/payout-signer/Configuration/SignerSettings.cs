using System.Security.Cryptography;
using Payouts.Hosting.Configuration;
using Payouts.Signers.Configuration;
using Payouts.Stellar;

namespace Payouts.Signer.Configuration;

/// <summary>Reads the signer's settings; every problem is collected, and no message repeats a secret.</summary>
public static class SignerSettings
{
    /// <summary>Policy, the keys of this process, and the provider that it asks itself, if any. After a problem the result is of no use: the caller stops the start.</summary>
    public static (SignerPolicy Policy, SigningKeys Keys, SigningProvider? Provider) Read(Settings settings)
    {
        var network = new Network(settings.Required(SettingNames.NetworkPassphrase, "the network's passphrase, such as \"Test SDF Network ; September 2015\""));
        var contract = settings.Parsed(SettingNames.ContractId, text => ContractId.Parse(text), "the payout contract, C...");
        var method = settings.Parsed(SettingNames.MethodName, Method, "a contract method", PayoutContractCall.DefaultMethod);
        var layout = settings.Parsed(SettingNames.ArgumentLayout, PayoutArgumentLayout.Parse, "an argument layout", PayoutArgumentLayout.DefaultText);
        var source = settings.Parsed(SettingNames.SourceAccount, text => AccountId.Parse(text), "the payout source account, G...");
        var (channels, feeKey) = KeysOf(settings);
        var policy = new SignerPolicy
        {
            Network = network,
            Call = new PayoutContractCall(contract, method ?? PayoutContractCall.DefaultMethod, layout),
            PayoutSource = source,
            Channels = channels.Keys.Append(source).ToHashSet(),
            FeeStroopsMax = settings.Number(SettingNames.MaxGasStroops, 2_000_000, 100, uint.MaxValue),
            Tokens = settings.Parsed(SettingNames.TokenContracts, Tokens, "CURRENCY=C..., comma separated", ""),
        };
        var hot = settings.Flag(SettingNames.SignWithHotKey, false);
        var keys = new SigningKeys(HotKey(settings, hot, network, source), channels, feeKey);
        if (SourceSignersSettings.Read(settings, keys) is { } signers)
            policy = policy with { Signers = signers };
        return (policy, keys, SigningPlace.Read(settings, hot));
    }

    private static KeyPair? HotKey(Settings settings, bool hot, Network network, AccountId source)
    {
        var confirmed = settings.Flag(SettingNames.HotKeyOnPublicNetwork, false);
        if (!hot)
        {
            if (settings.Optional(SettingNames.HotSignerSecret) is not null)
                settings.Refuse($"{SettingNames.HotSignerSecret} is set although {SettingNames.SignWithHotKey} is not true; remove the secret or switch the mode on");
            return null;
        }

        if (network.Equals(Network.Public) && !confirmed)
            settings.Refuse($"{SettingNames.SignWithHotKey} is true on the public network; use an external signer, or say {SettingNames.HotKeyOnPublicNetwork}=true as well");
        var key = settings.Parsed(SettingNames.HotSignerSecret, KeyPair.FromSecretSeed, "the secret seed of the payout source account, S...");
        if (key is not null && source != default && key.AccountId != source)
            settings.Refuse($"{SettingNames.HotSignerSecret} is the secret of {key.AccountId}, but {SettingNames.SourceAccount} is {source}; they must be the same account");
        return key;
    }

    private static (Dictionary<AccountId, KeyPair> Channels, KeyPair? FeeKey) KeysOf(Settings settings)
    {
        var keys = new Dictionary<AccountId, KeyPair>();
        var accounts = settings.Parsed(SettingNames.ChannelAccounts, ChannelKeys.ParseAccounts, "channel accounts, G..., comma separated", "");
        var feeAccount = settings.Optional(SettingNames.FeeAccount) is null ? default(AccountId?)
            : settings.Parsed(SettingNames.FeeAccount, text => AccountId.Parse(text), "the account that pays for fee bumps, G...");
        if (accounts is not { Count: > 0 } && feeAccount is null)
            return (keys, null);
        var secret = settings.Parsed(SettingNames.ChannelSecret, ChannelKeys.ParseSecret, "64 hex digits");
        if (secret is null)
            return (keys, null);
        var foreign = SigningKeys.Derive(secret, accounts ?? [], keys);
        var feeKey = feeAccount is null ? null : ChannelKeys.Derive(secret, ChannelKeys.FeeKeyNumber);
        CryptographicOperations.ZeroMemory(secret);
        if (foreign.Count > 0)
            settings.Refuse($"{SettingNames.ChannelAccounts} lists {string.Join(", ", foreign)}, not among the first {ChannelKeys.ChannelsMax} keys of {SettingNames.ChannelSecret}; give the secret that the accounts were made with");
        if (feeKey is not null && feeAccount != default(AccountId) && feeKey.AccountId != feeAccount)
            settings.Refuse($"{SettingNames.FeeAccount} is {feeAccount}, but key number {ChannelKeys.FeeKeyNumber} of {SettingNames.ChannelSecret} is {feeKey.AccountId}; that one pays for fee bumps");
        return (keys, feeKey);
    }

    private static Dictionary<string, ContractId> Tokens(string text)
    {
        var tokens = new Dictionary<string, ContractId>(StringComparer.Ordinal);
        foreach (var item in Items(text))
        {
            var pair = item.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair.Length != 2 || pair[0].Length == 0)
                throw new FormatException($"\"{item}\" has no currency; write XLM=C...");
            if (!tokens.TryAdd(pair[0], ContractId.Parse(pair[1])))
                throw new FormatException($"the currency {pair[0]} stands twice in the list");
        }

        return tokens;
    }

    private static string Method(string text) =>
        ScVal.IsSymbol(text) ? text : throw new FormatException($"\"{text}\" is no symbol; 1 to 32 of a-z, A-Z, 0-9 and _ are right");

    private static string[] Items(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
