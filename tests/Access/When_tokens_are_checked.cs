using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Payouts.Hosting.Web;
using Payouts.Submitter;

namespace Payouts.Tests.Access;

/// <summary>Tokens by each of the three ways to their keys, and what they say.</summary>
public sealed class When_tokens_are_checked
{
    private static readonly IReadOnlyList<IServiceModule> OneService = [new PayoutSubmitterModule()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData("HTTP_JWT_AUTHORITY", "")]
    [InlineData("HTTP_JWT_JWKS_URL", "keys")]
    public async Task Should_take_new_keys_of_the_provider_without_a_restart(string setting, string path)
    {
        var (first, second) = (new TokenIssuer("key-1"), new TokenIssuer("key-2"));
        await using var provider = await Provider.StartAsync();
        provider.Keys = TokenIssuer.KeySet(first);
        await using var door = await Door.OpenAsync(
            new Dictionary<string, string?> { [setting] = $"{provider.Address}{path}", ["HTTP_JWT_ISSUER"] = TokenIssuer.Issuer, ["HTTP_JWT_AUDIENCE"] = TokenIssuer.Audience }, OneService);
        (await AskAsync(door, first.Token())).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(door, new TokenIssuer("key-1").Token())).ShouldBe(HttpStatusCode.Unauthorized);

        provider.Keys = TokenIssuer.KeySet(second);
        await Probe.Until("the new key counts", _ => AskAsync(door, second.Token()), status => status == HttpStatusCode.OK, TimeSpan.FromSeconds(40));
        (await AskAsync(door, first.Token())).ShouldBe(HttpStatusCode.Unauthorized, "a withdrawn key does not count any more");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_take_the_discovered_issuer_when_none_is_set()
    {
        var issuer = new TokenIssuer();
        await using var provider = await Provider.StartAsync();
        provider.Keys = TokenIssuer.KeySet(issuer);
        await using var door = await Door.OpenAsync(new Dictionary<string, string?> { ["HTTP_JWT_AUTHORITY"] = provider.Address.ToString(), ["HTTP_JWT_AUDIENCE"] = $"other, {TokenIssuer.Audience}" }, OneService);
        (await AskAsync(door, issuer.Token(new TokenClaims { Issuer = provider.Address.ToString() }))).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(door, issuer.Token())).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_let_nobody_in_and_say_so_while_the_provider_is_away()
    {
        await using var door = await Door.OpenAsync(
            new Dictionary<string, string?> { ["HTTP_JWT_AUTHORITY"] = $"http://127.0.0.1:{FreePort.Next()}/", ["HTTP_JWT_AUDIENCE"] = TokenIssuer.Audience }, OneService);
        using var client = door.Client(new TokenIssuer().Token());
        using var answer = await client.GetAsync("submissions", Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("the token cannot be checked now");
        door.Lines.ShouldContain(line => line.StartsWith("Error: the keys of the tokens cannot be fetched from http://127.0.0.1"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_take_new_keys_of_a_file_and_keep_the_old_ones_when_it_is_damaged()
    {
        var (first, second) = (new TokenIssuer("key-1"), new TokenIssuer("key-2"));
        using var folder = new Folder();
        await using var door = await OpenAsync(folder, TokenIssuer.KeySet(first), []);
        (await AskAsync(door, first.Token())).ShouldBe(HttpStatusCode.OK);
        folder.Write("jwks.json", TokenIssuer.KeySet(first, second));
        await Probe.Until("the second key counts", _ => AskAsync(door, second.Token()), status => status == HttpStatusCode.OK);
        (await AskAsync(door, first.Token())).ShouldBe(HttpStatusCode.OK, "both are in the file");
        folder.Write("jwks.json", "{");
        await Probe.Until("the damage is said", async _ => { await AskAsync(door, second.Token()); return door.Lines.Any(line => line.StartsWith("Error: HTTP_JWT_JWKS:")); });
        (await AskAsync(door, second.Token())).ShouldBe(HttpStatusCode.OK, "what it said before still counts");
        folder.Write("jwks.json", TokenIssuer.KeySet(second));
        await Probe.Until("the first key is gone", _ => AskAsync(door, first.Token()), status => status == HttpStatusCode.Unauthorized);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("roles", "read", null, true)]
    [InlineData("roles", "other read", null, true)]
    [InlineData("roles", "reader", null, false)]
    [InlineData("https://issuer.test/roles", "read", null, true)]
    [InlineData("realm_access.roles", "read", null, true)]
    [InlineData("roles", "payments-viewers", "payments-viewers=read, payments-desk=operate", true)]
    [InlineData("roles", "payments-desk", "payments-viewers=read, payments-desk=operate", true)]
    // With a mapping nothing else is a role, even what is spelt like one.
    [InlineData("roles", "admin", "payments-viewers=read", false)]
    public async Task Should_find_the_roles_where_they_are_said_to_be(string claim, string value, string? mapping, bool isLetIn)
    {
        var issuer = new TokenIssuer();
        using var folder = new Folder();
        await using var door = await OpenAsync(folder, TokenIssuer.KeySet(issuer), new() { ["HTTP_JWT_ROLE_CLAIM"] = claim, ["HTTP_JWT_ROLES"] = mapping });
        var claims = claim == "realm_access.roles"
            ? new TokenClaims { RoleClaim = "realm_access", Roles = new Dictionary<string, object> { ["roles"] = new[] { "other", value } } }
            : new TokenClaims { RoleClaim = claim, Roles = value };
        (await AskAsync(door, issuer.Token(claims))).ShouldBe(isLetIn ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_forgive_clocks_as_far_as_it_is_set()
    {
        var issuer = new TokenIssuer();
        using var folder = new Folder();
        await using var door = await OpenAsync(folder, TokenIssuer.KeySet(issuer), new() { ["HTTP_JWT_CLOCK_SKEW_SECONDS"] = "120" });
        (await AskAsync(door, issuer.Token(new TokenClaims { ExpiresIn = TimeSpan.FromSeconds(-60) }))).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(door, issuer.Token(new TokenClaims { ExpiresIn = TimeSpan.FromSeconds(-121) }))).ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(door, issuer.Token(new TokenClaims { ValidIn = TimeSpan.FromSeconds(60) }))).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(door, issuer.Token(new TokenClaims { ValidIn = TimeSpan.FromSeconds(150) }))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static Task<Door> OpenAsync(Folder folder, string keys, Dictionary<string, string?> extra) => Door.OpenAsync(new Dictionary<string, string?>(extra)
    {
        ["HTTP_JWT_JWKS_FILE"] = folder.Write("jwks.json", keys),
        ["HTTP_JWT_ISSUER"] = TokenIssuer.Issuer,
        ["HTTP_JWT_AUDIENCE"] = TokenIssuer.Audience,
    }, OneService);

    private static async Task<HttpStatusCode> AskAsync(Door door, string token)
    {
        using var client = door.Client(token);
        using var answer = await client.GetAsync("submissions", Cancelled);
        return answer.StatusCode;
    }

    /// <summary>An OpenID provider: discovery, and a key set that changes.</summary>
    private sealed class Provider : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Provider(WebApplication app) => _app = app;

        public Uri Address => new(_app.Urls.First() + "/");

        public string Keys { get; set; } = "";

        public static async Task<Provider> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var provider = new Provider(builder.Build());
            provider._app.MapGet("/.well-known/openid-configuration", () => Results.Text(
                new JsonObject { ["issuer"] = provider.Address.ToString(), ["jwks_uri"] = $"{provider.Address}keys" }.ToJsonString(), "application/json"));
            provider._app.MapGet("/keys", () => Results.Text(provider.Keys, "application/json"));
            await provider._app.StartAsync(Cancelled);
            return provider;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
