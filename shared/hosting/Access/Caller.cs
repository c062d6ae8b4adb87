using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Payouts.Hosting.Access;

/// <summary>Who calls, as far as it is known.</summary>
/// <param name="Name">The key's or token's name, or what stands for one where nobody is named.</param>
/// <param name="IsNamed">True: the name was proven. False: the development key, or anybody on this host.</param>
public sealed record Caller(string Name, bool IsNamed)
{
    internal const string NameClaim = "name";
    internal const string RoleClaim = "role";
    private const string NamedClaim = "named";

    /// <summary>The caller of a request that was let in.</summary>
    public static Caller Of(ClaimsPrincipal user) =>
        new(user.FindFirstValue(NameClaim) ?? "nobody", user.HasClaim(NamedClaim, bool.TrueString));

    /// <summary>
    /// In whose name the caller acts, when the request says <paramref name="by"/>: its own, always, when it has one. Else the request's word
    /// counts; null when there is none.
    /// </summary>
    /// <returns>The name, or why the request's word is refused.</returns>
    public (string? Name, string? Problem) ActsFor(string? by) =>
        !IsNamed ? (by, null)
        : string.IsNullOrWhiteSpace(by) || by == Name ? (Name, null)
        : (null, $"you are {Name} and cannot decide in another name: leave \"by\" out");

    internal static AuthenticationTicket Ticket(string scheme, string name, bool isNamed, IEnumerable<string> granted)
    {
        var claims = AccessRole.WithImplied(granted).Select(role => new Claim(RoleClaim, role)).Append(new Claim(NameClaim, name));
        if (isNamed)
            claims = claims.Append(new Claim(NamedClaim, bool.TrueString));
        return new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, scheme, NameClaim, RoleClaim)), scheme);
    }
}
