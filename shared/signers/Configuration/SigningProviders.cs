using Payouts.Hosting.Configuration;

namespace Payouts.Signers.Configuration;

/// <summary>Reads which provider keeps the key, and where. Both programs that sign read the same settings.</summary>
public static class SigningProviders
{
    /// <summary>An HSM behind its vendor's library.</summary>
    public const string Pkcs11 = "pkcs11";

    /// <summary>AWS KMS.</summary>
    public const string AwsKms = "aws-kms";

    /// <summary>Google Cloud KMS.</summary>
    public const string GoogleKms = "gcp-kms";

    /// <summary>HashiCorp Vault's transit engine.</summary>
    public const string Vault = "vault";

    /// <summary>The names that a setting may hold.</summary>
    public static IReadOnlyList<string> Names => [.. Readers.Keys];

    private static readonly Dictionary<string, (string Prefix, Func<Settings, SigningLimits, Func<TimeProvider, ISigningKey>?> Read)> Readers = new(StringComparer.Ordinal)
    {
        [Pkcs11] = ("SIGNER_PKCS11_", Pkcs11Settings.Read),
        [AwsKms] = ("SIGNER_AWS_", AwsKmsSettings.Read),
        [GoogleKms] = ("SIGNER_GCP_", GoogleKmsSettings.Read),
        [Vault] = ("SIGNER_VAULT_", VaultSettings.Read),
    };

    private static readonly string[] Common = [SettingNames.SignerTimeoutMs, SettingNames.SignerConcurrency];

    /// <summary>Reads the settings of <paramref name="name"/> and refuses those of the others; null after a problem, which stops the start.</summary>
    /// <param name="settings">Where problems are collected.</param>
    /// <param name="name">One of <see cref="Names"/>; null: none of them keeps the key, and no setting of any may be there.</param>
    /// <param name="chosenBy">The setting that chose it, with its value, for messages.</param>
    public static SigningProvider? Read(Settings settings, string? name, string chosenBy)
    {
        var own = name is null ? null : Readers[name].Prefix;
        foreach (var foreign in SettingNames.All.Where(setting => IsForeign(setting, own) && settings.IsGiven(setting)).Order(StringComparer.Ordinal))
            settings.Refuse($"{foreign} is set, but {chosenBy}; remove it, or choose the provider that it belongs to");
        if (name is null)
            return null;
        var limits = new SigningLimits
        {
            TryTimeout = TimeSpan.FromMilliseconds(settings.Number(SettingNames.SignerTimeoutMs, 5_000, 50, 60_000)),
            ConcurrencyMax = (int)settings.Number(SettingNames.SignerConcurrency, 8, 1, 64),
        };
        return Readers[name].Read(settings, limits) is { } create ? new SigningProvider(name, limits, create) : null;
    }

    private static bool IsForeign(string setting, string? own) => own is null
        ? Common.Contains(setting) || Readers.Values.Any(reader => setting.StartsWith(reader.Prefix, StringComparison.Ordinal))
        : Readers.Values.Any(reader => reader.Prefix != own && setting.StartsWith(reader.Prefix, StringComparison.Ordinal));
}
