using System.Net;
using Payouts.Hosting.Access;
using Payouts.Tests.Access;

namespace Payouts.Tests.Attacks;

/// <summary>Who reaches the port, with nothing, with something false, or with a right that is not the one.</summary>
internal static class CallerList
{
    public static IReadOnlyList<Attack> All { get; } = [.. Strangers(), .. Roles(), new NameAttack()];

    private static IEnumerable<Attack> Strangers()
    {
        yield return Stranger("nothing", "you are not known", _ => null);
        yield return Stranger("a key of another shape", "nobody has this key", _ => "payouts_abc");
        yield return Stranger("a key that nobody was given", "nobody has this key", _ => ApiKey.New());
        yield return Stranger("a key's line of the file instead of the key", "nobody has this key", scene => ApiKey.HashOf(scene.Keys["admin"]));
        yield return Stranger("a token that is expired", "the token is expired", scene => scene.Issuer.Token(Admin with { ValidIn = TimeSpan.FromHours(-2), ExpiresIn = TimeSpan.FromSeconds(-31) }));
        yield return Stranger("a token of tomorrow", "the token is not valid yet", scene => scene.Issuer.Token(Admin with { ValidIn = TimeSpan.FromMinutes(2) }));
        yield return Stranger("a token that never expires", "the token never expires", scene => scene.Issuer.Token(Admin with { ExpiresIn = null }));
        yield return Stranger("a token for another audience", "the token is for another audience", scene => scene.Issuer.Token(Admin with { Audience = "another" }));
        yield return Stranger("a token of another issuer", "the token is of another issuer", scene => scene.Issuer.Token(Admin with { Issuer = "https://another.test/" }));
        yield return Stranger("a token signed with a key of his own", "the token", _ => new TokenIssuer().Token(Admin));
        yield return Stranger("a good token with other rights under its signature", "the token is not valid", scene => scene.Issuer.TokenThatWasChanged());
        yield return Stranger("a token that says it is not signed", "the token", scene => scene.Issuer.TokenByNobody());
        yield return Stranger("a token signed with the public key as a shared secret", "the token", scene => scene.Issuer.TokenBySharedSecret());
        yield return Stranger("a token that names nobody", "the token has no claim sub", scene => scene.Issuer.Token(Admin with { Subject = null }));
    }

    private static IEnumerable<Attack> Roles()
    {
        foreach (var role in AccessRole.All.Where(role => role != "admin"))
            yield return new CallerAttack($"the role {role}", HttpStatusCode.Forbidden, "may not do this", scene => scene.Keys[role], role);
        yield return new CallerAttack("a token whose roles do not exist", HttpStatusCode.Forbidden, "may not do this", scene => scene.Issuer.Token(new TokenClaims { Roles = new[] { "reader", "Admin", "" } }));
    }

    private static TokenClaims Admin => new() { Roles = new[] { "admin" } };

    private static CallerAttack Stranger(string shows, string said, Func<Scene, string?> credential) => new(shows, HttpStatusCode.Unauthorized, said, credential);
}
