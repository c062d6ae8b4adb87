using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MassTransit;
using Payouts.Hosting.Access;
using Payouts.Hosting.Configuration;
using Payouts.Hosting.Web;

namespace Payouts.Tests.Access;

/// <summary>Every endpoint of the four services, from their own route tables, by everybody who may. Those who may not are tried in tests/Attacks.</summary>
public sealed class When_every_endpoint_is_called
{
    private static readonly TokenIssuer Issuer = new();
    private static readonly IReadOnlyDictionary<string, string> Keys = AccessRole.All.ToDictionary(role => role, _ => ApiKey.New());

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_have_the_roles_that_the_guide_lists()
    {
        using var folder = new Folder();
        await using var door = await OpenAsync(folder);
        var mapped = Endpoints.Of(door.App.Services.GetRequiredService<EndpointDataSource>());
        mapped.Count.ShouldBeGreaterThan(25);
        mapped.ShouldBe(Endpoints.OfDocument());
        mapped.Where(row => row.Roles.Length == 0).ShouldBeEmpty("these may be called by nobody: give each its roles with For");
        mapped.Where(row => row.Roles == "open").Select(row => row.Path).ShouldBe(["/health/live", "/health/ready", "/metrics"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_be_open_to_everybody_where_probes_and_scrapers_look()
    {
        using var folder = new Folder();
        await using var door = await OpenAsync(folder);
        using var client = door.Client(ApiKey.New());
        using var health = await client.GetAsync("health/ready", Cancelled);
        using var metrics = await client.GetAsync("metrics", Cancelled);
        metrics.StatusCode.ShouldBe(HttpStatusCode.OK);
        door.Executed.ShouldBe(2, "this is how a handler that runs is seen");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("read")]
    [InlineData("operate")]
    [InlineData("approve")]
    [InlineData("game")]
    [InlineData("signer")]
    [InlineData("admin")]
    public async Task Should_be_open_to_its_roles_and_to_no_other(string role)
    {
        using var folder = new Folder();
        await using var door = await OpenAsync(folder);
        foreach (var credential in new[] { Keys[role], Issuer.Token(new TokenClaims { Roles = new[] { role } }) })
        {
            using var client = door.Client(credential);
            foreach (var row in Endpoints.OfDocument().Where(row => row.Roles != "open"))
            {
                var before = door.Executed;
                using var answer = await client.SendAsync(row.Request(), Cancelled);
                ((int)answer.StatusCode).ShouldBeLessThan(500, $"{row} as {role}");
                if (row.Allows(role))
                {
                    answer.StatusCode.ShouldNotBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
                    door.Executed.ShouldBe(before + 1, $"{row} as {role}");
                    continue;
                }

                answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{row} as {role}");
                answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
                (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain($"it needs the role {row.Roles.Replace(", ", " or ", StringComparison.Ordinal)}");
                door.Executed.ShouldBe(before, $"{row} as {role}");
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_be_closed_to_all_when_it_names_no_role()
    {
        using var folder = new Folder();
        await using var door = await OpenAsync(folder, [new ForgetfulModule()]);
        using var admin = door.Client(Keys["admin"]);
        using var answer = await admin.GetAsync("forgotten", Cancelled);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("names no role");
        door.Executed.ShouldBe(0);
        Endpoints.Of(door.App.Services.GetRequiredService<EndpointDataSource>()).Single(row => row.Path == "/forgotten").Roles.ShouldBeEmpty("the test of the guide would name it");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_say_404_and_405_only_to_those_it_knows()
    {
        using var folder = new Folder();
        await using var door = await OpenAsync(folder);
        using var known = door.Client(Keys["read"]);
        using var stranger = door.Client();
        (await known.GetAsync("nowhere", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await known.PutAsync("payouts", null, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await stranger.GetAsync("nowhere", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.PutAsync("payouts", null, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        // Only what is exactly the probes' and the scraper's is open.
        (await stranger.GetAsync("healthy", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.GetAsync("metrics-of-mine", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.GetAsync("health/ready/payouts", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static Task<Door> OpenAsync(Folder folder, IReadOnlyList<IServiceModule>? modules = null) => Door.OpenAsync(new Dictionary<string, string?>
    {
        ["HTTP_API_KEYS_FILE"] = folder.Write("keys", string.Join('\n', Keys.Select(pair => ApiKeyFile.LineOf($"{pair.Key}-caller", [pair.Key], pair.Value)))),
        ["HTTP_JWT_JWKS_FILE"] = folder.Write("jwks.json", TokenIssuer.KeySet(Issuer)),
        ["HTTP_JWT_ISSUER"] = TokenIssuer.Issuer,
        ["HTTP_JWT_AUDIENCE"] = TokenIssuer.Audience,
    }, modules);

    /// <summary>Somebody's new endpoint, without a word about who may call it.</summary>
    private sealed class ForgetfulModule : IServiceModule
    {
        public string Name => "forgetful";

        public void AddServices(IServiceCollection services, Settings settings)
        {
            // It needs none.
        }

        public void AddConsumers(IBusRegistrationConfigurator bus)
        {
            // It hears nothing.
        }

        public void MapEndpoints(IEndpointRouteBuilder routes) => routes.MapGet("/forgotten", () => Results.Ok());
    }
}
