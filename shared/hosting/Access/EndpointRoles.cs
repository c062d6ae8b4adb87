using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Payouts.Hosting.Access;

/// <summary>Who may call an endpoint. One that says nothing may be called by nobody.</summary>
public static class EndpointRoles
{
    /// <summary>Any of these roles lets a caller in.</summary>
    public static TBuilder For<TBuilder>(this TBuilder endpoint, params string[] roles)
        where TBuilder : IEndpointConventionBuilder
    {
        if (roles.Length == 0 || roles.FirstOrDefault(role => !AccessRole.All.Contains(role)) is not null)
            throw new ArgumentException($"name some of {string.Join(", ", AccessRole.All)}", nameof(roles));
        // Who has every role has each of them: admin needs no mention.
        return endpoint.RequireAuthorization(new AuthorizeAttribute { Roles = string.Join(',', roles) });
    }
}
