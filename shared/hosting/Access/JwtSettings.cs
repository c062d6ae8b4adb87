using System.Collections.Frozen;
using Microsoft.IdentityModel.Tokens;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Access;

/// <summary>HTTP_JWT_..., understood: which tokens are taken, and what they say.</summary>
public sealed record JwtSettings
{
    private const int ClockSkewSeconds = 30;

    /// <summary>Only signatures that nobody can make who can check them: a shared secret would have to lie in every service.</summary>
    private static readonly FrozenSet<string> Algorithms = FrozenSet.ToFrozenSet(
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ]);

    /// <summary>The provider with discovery; null: the keys come from one of the other two.</summary>
    public Uri? Authority { get; private init; }

    /// <summary>Where the key set is; null: see the other two.</summary>
    public Uri? JwksUrl { get; private init; }

    /// <summary>The file of the key set; null: see the other two.</summary>
    public string? JwksPath { get; private init; }

    /// <summary>The issuer of a token; null: the one that the authority's discovery names.</summary>
    public string? Issuer { get; private init; }

    /// <summary>The audiences, one of which a token must name.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>The claim that names the caller.</summary>
    public required string NameClaim { get; init; }

    /// <summary>The claim that holds the roles, or a path to it.</summary>
    public required string RoleClaim { get; init; }

    /// <summary>Roles by the claim's values; empty: the values are the roles.</summary>
    public required ILookup<string, string> Roles { get; init; }

    /// <summary>How far two clocks may differ.</summary>
    public required TimeSpan ClockSkew { get; init; }

    /// <summary>The algorithms that are taken.</summary>
    public required IReadOnlyList<string> ValidAlgorithms { get; init; }

    /// <summary>Reads the settings; null when none of them is set. Problems are collected in <paramref name="settings"/>.</summary>
    public static JwtSettings? Read(Settings settings)
    {
        var authority = Address(settings, SettingNames.JwtAuthority);
        var url = Address(settings, SettingNames.JwtJwksUrl);
        var path = settings.File(SettingNames.JwtJwks, Jwks.Parse);
        var issuer = settings.Optional(SettingNames.JwtIssuer);
        var jwt = new JwtSettings
        {
            Authority = authority,
            JwksUrl = url,
            JwksPath = path,
            Issuer = issuer,
            Audiences = (settings.Optional(SettingNames.JwtAudience) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            NameClaim = settings.Optional(SettingNames.JwtNameClaim) ?? "sub",
            RoleClaim = settings.Optional(SettingNames.JwtRoleClaim) ?? "roles",
            Roles = settings.Parsed(SettingNames.JwtRoles, ParseRoles, "VALUE=ROLE, comma separated", fallback: ""),
            ClockSkew = TimeSpan.FromSeconds(settings.Number(SettingNames.JwtClockSkewSeconds, ClockSkewSeconds, 0, 300)),
            ValidAlgorithms = settings.Parsed(SettingNames.JwtAlgorithms, ParseAlgorithms, "signature algorithms, comma separated", fallback: "RS256,PS256,ES256"),
        };
        var sources = new object?[] { authority, url, path }.Count(source => source is not null);
        if (sources == 0)
        {
            // Somebody believes that tokens are checked.
            if (issuer is not null || jwt.Audiences.Count > 0)
                settings.Refuse($"{SettingNames.JwtAuthority}, {SettingNames.JwtJwksUrl} or {SettingNames.JwtJwks}_FILE is missing: the keys of the tokens come from there");
            return null;
        }

        if (sources > 1)
            settings.Refuse($"set one of {SettingNames.JwtAuthority}, {SettingNames.JwtJwksUrl} and {SettingNames.JwtJwks}_FILE");
        if (jwt.Audiences.Count == 0)
            settings.Refuse($"{SettingNames.JwtAudience} is missing; it holds the audience of the tokens: without it tokens for others would count here");
        if (authority is null && issuer is null)
            settings.Refuse($"{SettingNames.JwtIssuer} is missing; it holds the issuer of the tokens, which a key set alone does not name");
        return jwt;
    }

    private static Uri? Address(Settings settings, string name)
    {
        if (settings.Optional(name) is not { } text)
            return null;
        // Whoever can change the answer makes tokens.
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address is { Scheme: "http", IsLoopback: true }))
            return address;
        settings.Refuse($"{name} must be an address in https; http is for this host only");
        return null;
    }

    private static IReadOnlyList<string> ParseAlgorithms(string text)
    {
        var wanted = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return wanted.Length > 0 && wanted.All(Algorithms.Contains)
            ? wanted
            : throw new FormatException($"take some of {string.Join(", ", Algorithms.Order(StringComparer.Ordinal))}");
    }

    private static ILookup<string, string> ParseRoles(string text)
    {
        var pairs = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(pair => (At: pair.LastIndexOf('='), Text: pair)).ToList();
        if (pairs.Exists(pair => pair.At <= 0 || !AccessRole.All.Contains(pair.Text[(pair.At + 1)..])))
            throw new FormatException($"write VALUE=ROLE, such as payouts-operators=operate; the roles are {string.Join(", ", AccessRole.All.Order(StringComparer.Ordinal))}");
        return pairs.ToLookup(pair => pair.Text[..pair.At], pair => pair.Text[(pair.At + 1)..], StringComparer.Ordinal);
    }
}
