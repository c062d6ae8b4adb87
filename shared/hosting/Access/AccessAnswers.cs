using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using Payouts.Hosting.Configuration;

namespace Payouts.Hosting.Access;

/// <summary>Tells a caller who is not let in why, as problem+json: 401 who are you, 403 not you.</summary>
internal sealed class AccessAnswers(AccessSettings access) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
            await next(context);
        else if (authorizeResult.Forbidden)
            await RefuseAsync(context, StatusCodes.Status403Forbidden, Forbidden(context, policy));
        else if (access.IsThisHostOnly)
            await RefuseAsync(context, StatusCodes.Status403Forbidden,
                $"nothing says who may call, so only this host may call: set {SettingNames.HttpApiKeys}_FILE or {SettingNames.JwtAuthority}");
        else
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            // Not asked a second time: the scheme remembers what it found.
            var failure = (await context.AuthenticateAsync()).Failure;
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, $"{Reason(failure)}: send the header \"Authorization: Bearer\" with {Wanted()}");
        }
    }

    private static string Forbidden(HttpContext context, AuthorizationPolicy policy)
    {
        var wanted = policy.Requirements.OfType<RolesAuthorizationRequirement>().SelectMany(requirement => requirement.AllowedRoles).ToList();
        var name = Caller.Of(context.User).Name;
        return wanted.Count == 0
            ? "nobody may call this: it names no role"
            : $"{name} may not do this: it needs the role {string.Join(" or ", wanted)}";
    }

    // The library's own texts name keys and issuers that a stranger need not know.
    private static string Reason(Exception? failure) => failure switch
    {
        null => "you are not known",
        SecurityTokenExpiredException => "the token is expired",
        SecurityTokenNotYetValidException => "the token is not valid yet",
        SecurityTokenNoExpirationException => "the token never expires",
        SecurityTokenInvalidAudienceException => "the token is for another audience",
        SecurityTokenInvalidIssuerException => "the token is of another issuer",
        SecurityTokenInvalidAlgorithmException => "the token's algorithm is not taken",
        SecurityTokenSignatureKeyNotFoundException => "the token's key is not known here",
        SecurityTokenException or ArgumentException => "the token is not valid",
        AuthenticationFailureException => failure.Message,
        _ => "the token cannot be checked now",
    };

    private string Wanted() => (access.Jwt, access.ApiKeysPath) switch
    {
        (not null, not null) => "a token or a key",
        (not null, null) => "a token",
        (null, not null) => "a key",
        _ => $"the key of {SettingNames.HttpApiKey}",
    };

    private static Task RefuseAsync(HttpContext context, int status, string detail) =>
        Results.Problem(statusCode: status, detail: detail).ExecuteAsync(context);
}
