using Payouts.Hosting.Configuration;
using Payouts.Signers.Vault;

namespace Payouts.Signers.Configuration;

/// <summary>SIGNER_VAULT_...</summary>
internal static class VaultSettings
{
    public static Func<TimeProvider, ISigningKey>? Read(Settings settings, SigningLimits limits)
    {
        var address = settings.Parsed(SettingNames.SignerVaultAddress, ProviderHttp.ParseAddress, "the address of the Vault");
        var tokenFile = settings.RequiredFile(SettingNames.SignerVaultToken, "the Vault token");
        var name = settings.Required(SettingNames.SignerVaultKeyName, "the name of the transit key");
        _ = settings.Required(SettingNames.SignerVaultKeyVersion, "the version of the transit key that signs: a rotated key is another account");
        var version = (int)settings.Number(SettingNames.SignerVaultKeyVersion, 1, 1, int.MaxValue);
        var mount = settings.Optional(SettingNames.SignerVaultMount) ?? "transit";
        if (address is null || tokenFile is null)
            return null;
        var options = new VaultOptions
        {
            Address = address,
            TokenFile = tokenFile,
            Mount = mount.Trim('/'),
            KeyName = name,
            KeyVersion = version,
            Namespace = settings.Optional(SettingNames.SignerVaultNamespace),
        };
        return _ => new VaultKey(options);
    }
}
