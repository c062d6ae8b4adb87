using Payouts.Hosting.Configuration;
using Payouts.Stellar;

namespace Payouts.Hosting.Access;

/// <summary>How callers of the HTTP doors are known.</summary>
public sealed record AccessSettings
{
    /// <summary>Tokens of an OpenID provider; null: none are taken.</summary>
    public JwtSettings? Jwt { get; init; }

    /// <summary>The file of named keys; null: there is none.</summary>
    public string? ApiKeysPath { get; init; }

    /// <summary>The one key of a development network; null: there is none. Never logged.</summary>
    public string? DevelopmentKey { get; init; }

    /// <summary>Nothing is configured: callers on this host may do everything, others nothing.</summary>
    public bool IsThisHostOnly => Jwt is null && ApiKeysPath is null && DevelopmentKey is null;

    /// <summary>Reads the settings; problems are collected in <paramref name="settings"/>.</summary>
    public static AccessSettings Read(Settings settings)
    {
        var access = new AccessSettings
        {
            Jwt = JwtSettings.Read(settings),
            ApiKeysPath = settings.File(SettingNames.HttpApiKeys, ApiKeyFile.Parse),
            DevelopmentKey = settings.Optional(SettingNames.HttpApiKey),
        };
        // A key that names nobody, and a door without one, are for networks where nothing can be lost: that must be said, not assumed.
        var passphrase = settings.Optional(SettingNames.NetworkPassphrase);
        var why = passphrase is null ? $"{SettingNames.NetworkPassphrase} does not say which network this is"
            : passphrase == Network.Public.Passphrase ? "this is the public network"
            : null;
        if (why is not null && access.DevelopmentKey is not null)
            settings.Refuse($"{SettingNames.HttpApiKey} names nobody and is for development networks only, and {why}: use {SettingNames.HttpApiKeys}_FILE or {SettingNames.JwtAuthority}");
        if (why is not null && access.IsThisHostOnly)
            settings.Refuse($"nothing says who may call over HTTP, and {why}: set {SettingNames.HttpApiKeys}_FILE or {SettingNames.JwtAuthority}");
        return access;
    }
}
