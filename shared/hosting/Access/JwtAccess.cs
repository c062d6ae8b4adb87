using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Access;

/// <summary>Tokens of an OpenID provider. Its keys may change at any time: an unknown one has them fetched again, a withdrawn one stops counting.</summary>
internal static class JwtAccess
{
    public const string Scheme = "jwt";

    // The shortest that the library allows: so long may a withdrawn key still count.
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(5);

    // Tokens with unknown keys must not make us flood the provider.
    private static readonly TimeSpan PauseBetweenRequests = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(10);

    public static void AddJwt(this AuthenticationBuilder authentication, JwtSettings jwt)
    {
        authentication.AddJwtBearer(Scheme, _ => { });
        authentication.Services.AddOptions<JwtBearerOptions>(Scheme).Configure<TimeProvider, ILoggerFactory>((options, time, loggers) =>
        {
            options.MapInboundClaims = false;
            options.ConfigurationManager = KeysOf(jwt, time, loggers);
            options.TokenValidationParameters = new TokenValidationParameters
            {
                // Null with an authority: then discovery's issuer is the only one.
                ValidIssuer = jwt.Issuer,
                ValidAudiences = jwt.Audiences,
                ValidAlgorithms = jwt.ValidAlgorithms,
                ClockSkew = jwt.ClockSkew,
                LifetimeValidator = (notBefore, expires, _, _) => IsAlive(notBefore, expires, jwt.ClockSkew, time.GetUtcNow().UtcDateTime),
            };
            options.Events = new JwtBearerEvents
            {
                OnMessageReceived = async context =>
                {
                    try
                    {
                        await options.ConfigurationManager.GetConfigurationAsync(context.HttpContext.RequestAborted);
                    }
                    catch (Exception away) when (away is InvalidOperationException or IOException or FormatException)
                    {
                        // Otherwise the library would call every token one of a wrong issuer. Why they are not there is logged where they are fetched.
                        context.Fail(away);
                    }
                },
                OnTokenValidated = context =>
                {
                    if (context.Principal!.FindFirstValue(jwt.NameClaim) is not { Length: > 0 and <= 200 } name)
                        context.Fail($"the token has no claim {jwt.NameClaim}");
                    else
                        context.Principal = Caller.Ticket(Scheme, name, isNamed: true, RolesOf(context.Principal!, jwt)).Principal;
                    return Task.CompletedTask;
                },
                OnAuthenticationFailed = context =>
                {
                    // What the library does not expect would be thrown through to a 500.
                    context.Fail(context.Exception);
                    return Task.CompletedTask;
                },
            };
        });
    }

    /// <summary>The roles that a token gives.</summary>
    public static IEnumerable<string> RolesOf(ClaimsPrincipal token, JwtSettings jwt)
    {
        var values = ValuesOf(token, jwt.RoleClaim);
        return jwt.Roles.Count == 0 ? values : values.SelectMany(value => jwt.Roles[value]);
    }

    private static bool IsAlive(DateTime? notBefore, DateTime? expires, TimeSpan skew, DateTime now)
    {
        if (expires is null)
            throw new SecurityTokenNoExpirationException("the token never expires");
        if (expires.Value + skew <= now)
            throw new SecurityTokenExpiredException("the token is expired") { Expires = expires.Value };
        if (notBefore is { } from && from - skew > now)
            throw new SecurityTokenNotYetValidException("the token is not valid yet") { NotBefore = from };
        return true;
    }

    /// <summary>A claim by its full name, which may itself hold dots, else by a path into claims that are JSON objects.</summary>
    private static IEnumerable<string> ValuesOf(ClaimsPrincipal token, string name)
    {
        if (token.HasClaim(claim => claim.Type == name))
            return token.FindAll(name).SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var parts = name.Split('.');
        if (parts.Length == 1 || token.FindFirstValue(parts[0]) is not { } json || !json.StartsWith('{'))
            return [];
        using var document = JsonDocument.Parse(json);
        var element = document.RootElement;
        foreach (var part in parts.Skip(1))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(part, out element))
                return [];
        }

        return element.ValueKind switch
        {
            JsonValueKind.Array => [.. element.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
            JsonValueKind.String => element.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            _ => [],
        };
    }

    private static IConfigurationManager<OpenIdConnectConfiguration> KeysOf(JwtSettings jwt, TimeProvider time, ILoggerFactory loggers)
    {
        if (jwt.JwksPath is { } path)
            return new JwksFile(new WatchedFile<OpenIdConnectConfiguration>(SettingNames.JwtJwks, [path], Jwks.Parse, time, loggers.CreateLogger(nameof(JwtAccess))));
        var address = jwt.JwksUrl ?? new Uri($"{jwt.Authority!.ToString().TrimEnd('/')}/.well-known/openid-configuration");
        var fetching = loggers.CreateLogger(nameof(JwtAccess));
        var documents = new HttpDocumentRetriever(new HttpClient { Timeout = FetchTimeout }) { RequireHttps = address.Scheme == Uri.UriSchemeHttps };
        return new ConfigurationManager<OpenIdConnectConfiguration>(address.ToString(), new ReportingRetriever(jwt.JwksUrl is null ? new OpenIdConnectConfigurationRetriever() : new JwksRetriever(), fetching), documents)
        {
            AutomaticRefreshInterval = RefreshInterval,
            RefreshInterval = PauseBetweenRequests,
            // The library would go on taking keys that the provider has withdrawn.
            UseLastKnownGoodConfiguration = false,
        };
    }
}
