using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Payouts.Hosting.Access;

/// <summary>The door of every service: who calls is found out, and every endpoint says who may.</summary>
internal static class AccessRegistration
{
    private const string Either = "token or key";

    public static void AddAccess(this IServiceCollection services, AccessSettings access)
    {
        services.AddSingleton(access);
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessAnswers>();
        var authentication = services.AddAuthentication(Either)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null)
            .AddPolicyScheme(Either, null, options => options.ForwardDefaultSelector = context => access.Jwt is not null && IsToken(context.Request) ? JwtAccess.Scheme : KeyAuthentication.SchemeName);
        if (access.Jwt is { } jwt)
            authentication.AddJwt(jwt);
        ForgoCookieKeys(services);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            // An endpoint that says nothing is one that somebody forgot. What is no route of ours (404, 405) is told to whoever is known.
            .RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
            .Build());
    }

    /// <summary>The framework would make a key for cookies at every start and write it to disk, unencrypted. We have no cookies.</summary>
    private static void ForgoCookieKeys(IServiceCollection services)
    {
        foreach (var keeper in services.Where(x => x.ServiceType == typeof(IHostedService) && x.ImplementationType?.Assembly == typeof(DataProtectionOptions).Assembly).ToList())
            services.Remove(keeper);
    }

    // Three parts with dots between them (RFC 7515); a key has none.
    private static bool IsToken(HttpRequest request) => KeyAuthentication.ShownBy(request)?.Count(letter => letter == '.') == 2;
}
