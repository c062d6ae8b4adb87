using Payouts.Hosting.Configuration;
using Payouts.Signers.Pkcs11;

namespace Payouts.Signers.Configuration;

/// <summary>SIGNER_PKCS11_...</summary>
internal static class Pkcs11Settings
{
    public static Func<TimeProvider, ISigningKey>? Read(Settings settings, SigningLimits limits)
    {
        var module = settings.Parsed(SettingNames.SignerPkcs11Module, ExistingFile, "the path of the HSM's PKCS#11 library");
        var token = settings.Required(SettingNames.SignerPkcs11TokenLabel, "the label of the token that holds the key");
        var pinFile = settings.RequiredFile(SettingNames.SignerPkcs11Pin, "the user PIN");
        var label = settings.Optional(SettingNames.SignerPkcs11KeyLabel);
        var id = settings.Optional(SettingNames.SignerPkcs11KeyId) is null ? null : settings.Parsed(SettingNames.SignerPkcs11KeyId, Hex, "the CKA_ID of the key, hex digits");
        if (label is null && settings.Optional(SettingNames.SignerPkcs11KeyId) is null)
            settings.Refuse($"neither {SettingNames.SignerPkcs11KeyLabel} nor {SettingNames.SignerPkcs11KeyId} is set; one of them names the key");
        if (module is null || pinFile is null)
            return null;
        var options = new Pkcs11Options
        {
            ModulePath = module,
            TokenLabel = token,
            PinFile = pinFile,
            KeyLabel = label,
            KeyId = id,
            SessionsMax = limits.ConcurrencyMax,
        };
        return _ => new Pkcs11Key(options);
    }

    private static string ExistingFile(string path) => File.Exists(path) ? path : throw new FormatException($"there is no file {path}");

    private static byte[] Hex(string text)
    {
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            throw new FormatException("an even number of hex digits is right");
        }
    }
}
