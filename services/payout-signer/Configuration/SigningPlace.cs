using Payouts.Hosting.Configuration;
using Payouts.Signers.Configuration;

namespace Payouts.Signer.Configuration;

/// <summary>PAYOUTS_SIGNING_PROVIDER: where the payout source account's key is.</summary>
internal static class SigningPlace
{
    /// <summary>Another team's signer, over messages or HTTP.</summary>
    public const string External = "external";

    /// <summary>This process.</summary>
    private const string HotKey = "hot-key";

    /// <summary>The provider that this service asks itself; null: an external signer or the hot key. The older switch of the hot key must not contradict.</summary>
    public static SigningProvider? Read(Settings settings, bool hot)
    {
        var chosen = settings.Optional(SettingNames.SigningProvider);
        var name = chosen ?? (hot ? HotKey : External);
        if (name is not (External or HotKey) && !SigningProviders.Names.Contains(name))
        {
            settings.Refuse($"{SettingNames.SigningProvider} must be one of {External}, {HotKey}, {string.Join(", ", SigningProviders.Names)}");
            return null;
        }

        if (name == HotKey && !hot)
            settings.Refuse($"{SettingNames.SigningProvider} is {HotKey}, but {SettingNames.SignWithHotKey} is not true; a key in this process needs both");
        if (name != HotKey && hot)
            settings.Refuse($"{SettingNames.SigningProvider} is {name}, but {SettingNames.SignWithHotKey} is true; keep one of them: two places cannot hold the one key");
        return SigningProviders.Read(settings, name is External or HotKey ? null : name, $"{SettingNames.SigningProvider} is {name}");
    }
}
