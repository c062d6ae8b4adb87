using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Payouts.Tests.Access;

/// <summary>What a token says, right unless a test changes it.</summary>
internal sealed record TokenClaims
{
    public string Issuer { get; init; } = TokenIssuer.Issuer;

    public string Audience { get; init; } = TokenIssuer.Audience;

    public string? Subject { get; init; } = "ana";

    public object? Roles { get; init; } = new[] { "read" };

    public string RoleClaim { get; init; } = "roles";

    public TimeSpan? ExpiresIn { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan ValidIn { get; init; } = TimeSpan.FromMinutes(-10);
}

/// <summary>A provider's key: signs tokens, and shows its public half as a key set.</summary>
internal sealed class TokenIssuer(string keyId = "key-1")
{
    public const string Issuer = "https://issuer.test/";
    public const string Audience = "payouts";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The key set of this key, or of several.</summary>
    public static string KeySet(params TokenIssuer[] issuers) => new JsonObject { ["keys"] = new JsonArray([.. issuers.Select(issuer => issuer.PublicKey())]) }.ToJsonString();

    public string Token(TokenClaims? claims = null) => Sign(claims ?? new TokenClaims(), new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256));

    /// <summary>Signed with a shared secret that everybody knows: the public key's text.</summary>
    public string TokenBySharedSecret() =>
        Sign(new TokenClaims(), new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(PublicKey().ToJsonString())) { KeyId = keyId }, SecurityAlgorithms.HmacSha256));

    /// <summary>Not signed at all, and says so.</summary>
    public string TokenByNobody() => $"{Part(new JsonObject { ["alg"] = "none", ["typ"] = "JWT", ["kid"] = keyId })}.{Token().Split('.')[1]}.";

    /// <summary>A good token with another content under its signature.</summary>
    public string TokenThatWasChanged()
    {
        var parts = Token().Split('.');
        return $"{parts[0]}.{Token(new TokenClaims { Roles = new[] { "admin" } }).Split('.')[1]}.{parts[2]}";
    }

    private static string Part(JsonObject content) => Base64UrlEncoder.Encode(content.ToJsonString());

    private static string Sign(TokenClaims claims, SigningCredentials credentials)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var content = new Dictionary<string, object>();
        if (claims.Subject is not null)
            content["sub"] = claims.Subject;
        if (claims.Roles is not null)
            content[claims.RoleClaim] = claims.Roles;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = claims.Issuer,
            Audience = claims.Audience,
            NotBefore = now + claims.ValidIn,
            Expires = claims.ExpiresIn is { } life ? now + life : null,
            Claims = content,
            SigningCredentials = credentials,
        });
    }

    private JsonObject PublicKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig", ["alg"] = "ES256", ["kid"] = keyId,
            ["x"] = Base64UrlEncoder.Encode(point.X), ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
    }
}
