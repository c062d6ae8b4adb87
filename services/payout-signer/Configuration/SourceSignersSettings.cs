using Payouts.Hosting.Configuration;
using Payouts.Stellar;

namespace Payouts.Signer.Configuration;

/// <summary>PAYOUT_SOURCE_SIGNERS and PAYOUT_SOURCE_THRESHOLD: who signs for the payout source account when its own key alone does not.</summary>
internal static class SourceSignersSettings
{
    /// <summary>Null: the account's own key, as without the settings, or a problem.</summary>
    public static SourceSigners? Read(Settings settings, SigningKeys keys)
    {
        if (!settings.IsGiven(SettingNames.SourceSigners))
        {
            if (settings.IsGiven(SettingNames.SourceThreshold))
                settings.Refuse($"{SettingNames.SourceThreshold} is set without {SettingNames.SourceSigners}; name the keys that reach it, or remove it");
            return null;
        }

        // Both would sign alone, with one key: a threshold is for several, and each is asked outside.
        if (settings.Flag(SettingNames.SignWithHotKey, false))
            settings.Refuse($"{SettingNames.SourceSigners} is set and {SettingNames.SignWithHotKey} is true; a key in this process cannot stand for several signers");
        if (settings.Optional(SettingNames.SigningProvider) is { } place && place != SigningPlace.External)
            settings.Refuse($"{SettingNames.SourceSigners} is set and {SettingNames.SigningProvider} is {place}; several signers are asked outside: leave it {SigningPlace.External}");
        var listed = settings.Parsed(SettingNames.SourceSigners, SourceSigners.ParseKeys, "G...=WEIGHT, comma separated");
        var threshold = settings.Optional(SettingNames.SourceThreshold) is null ? 0 : (int)settings.Number(SettingNames.SourceThreshold, 1, 1, SourceSigners.WeightMax);
        if (threshold == 0)
            settings.Refuse($"{SettingNames.SourceThreshold} is missing; it holds the weight that the keys of {SettingNames.SourceSigners} must reach, the account's medium threshold");
        if (listed is null || threshold == 0)
            return null;
        // Its signature is on every envelope, made here: it would count towards the threshold without anybody outside having agreed.
        foreach (var own in listed.Select(x => x.Key).Where(key => keys.Channels.ContainsKey(key) || keys.FeeKey?.AccountId == key))
            settings.Refuse($"{SettingNames.SourceSigners} lists {own}, whose key this service holds itself as a channel or fee account; a signer's key is kept by the signer alone");
        return settings.Parsed(SettingNames.SourceThreshold, _ => SourceSigners.Of(listed, threshold), "a threshold that the keys can reach");
    }
}
