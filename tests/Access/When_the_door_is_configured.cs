using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Payouts.Hosting.Access;
using Payouts.Hosting.Configuration;
using Payouts.Stellar;

namespace Payouts.Tests.Access;

public sealed class When_the_door_is_configured
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP_API_KEY", "local-development-key", "HTTP_API_KEY names nobody")]
    [InlineData("HTTP_API_KEY", null, "nothing says who may call over HTTP")]
    public void Should_not_start_on_the_public_network_without_names(string setting, string? value, string problem) =>
        Problems(new() { ["STELLAR_NETWORK_PASSPHRASE"] = Network.Public.Passphrase, [setting] = value }).ShouldContain(x => x.StartsWith(problem) && x.Contains("public network"));

    [Theory]
    [InlineData("HTTP_API_KEY", "local-development-key", "HTTP_API_KEY names nobody")]
    [InlineData("HTTP_API_KEY", null, "nothing says who may call over HTTP")]
    public void Should_not_start_when_nothing_says_which_network_it_is(string setting, string? value, string problem) =>
        Problems(new() { ["STELLAR_NETWORK_PASSPHRASE"] = null, [setting] = value }).ShouldContain(x => x.StartsWith(problem) && x.Contains("STELLAR_NETWORK_PASSPHRASE"));

    [Fact]
    public void Should_start_on_the_public_network_with_named_keys()
    {
        using var folder = new Folder();
        var problems = Problems(new() { ["STELLAR_NETWORK_PASSPHRASE"] = Network.Public.Passphrase, ["HTTP_API_KEYS_FILE"] = folder.Write("keys", ApiKeyFile.LineOf("ana", ["admin"], ApiKey.New())) });
        problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("HTTP_JWT_AUTHORITY", "http://issuer.test/", "HTTP_JWT_AUTHORITY must be an address in https")]
    [InlineData("HTTP_JWT_JWKS_URL", "ftp://issuer.test/", "HTTP_JWT_JWKS_URL must be an address in https")]
    [InlineData("HTTP_JWT_AUTHORITY", "https://issuer.test/", "HTTP_JWT_AUDIENCE is missing")]
    [InlineData("HTTP_JWT_JWKS_URL", "https://issuer.test/keys", "HTTP_JWT_ISSUER is missing")]
    [InlineData("HTTP_JWT_AUDIENCE", "payouts", "HTTP_JWT_AUTHORITY, HTTP_JWT_JWKS_URL or HTTP_JWT_JWKS_FILE is missing")]
    [InlineData("HTTP_JWT_JWKS", "{}", "HTTP_JWT_JWKS is read from a file")]
    [InlineData("HTTP_JWT_ALGORITHMS", "HS256", "HTTP_JWT_ALGORITHMS is not")]
    [InlineData("HTTP_JWT_ALGORITHMS", "none", "HTTP_JWT_ALGORITHMS is not")]
    [InlineData("HTTP_JWT_CLOCK_SKEW_SECONDS", "301", "HTTP_JWT_CLOCK_SKEW_SECONDS must be a whole number from 0 to 300")]
    [InlineData("HTTP_JWT_ROLES", "boss=everything", "HTTP_JWT_ROLES is not VALUE=ROLE")]
    [InlineData("HTTP_JWT_AUDIANCE", "payouts", "HTTP_JWT_AUDIANCE is not a setting; did you mean HTTP_JWT_AUDIENCE?")]
    [InlineData("HTTP_API_KEYS", "ana admin sha256:0", "HTTP_API_KEYS is read from a file")]
    [InlineData("HTTP_API_KEYS_FILE", "not-there", "HTTP_API_KEYS_FILE: not-there cannot be used")]
    [InlineData("HTTP_TLS_CERT_FILE", "not-there", "HTTP_TLS_CERT_FILE and HTTP_TLS_KEY_FILE belong together")]
    [InlineData("RABBITMQ_TLS_KEY_FILE", "not-there", "RABBITMQ_TLS_CERT_FILE and RABBITMQ_TLS_KEY_FILE belong together")]
    public void Should_name_the_setting_that_is_wrong(string setting, string value, string problem) =>
        Problems(new() { [setting] = value }).ShouldContain(x => x.StartsWith(problem));

    /// <summary>The framework's key for cookies would lie on disk, unencrypted, or be warned of where nothing can be written.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Should_make_no_key_that_nobody_needs()
    {
        await using var door = await Door.OpenAsync(new Dictionary<string, string?>());
        door.App.Services.GetServices<IHostedService>().ShouldNotContain(service => service.GetType().Assembly == typeof(DataProtectionOptions).Assembly);
    }

    [Theory]
    [InlineData("-1", true)]
    [InlineData("0", false)]
    [InlineData("300", false)]
    [InlineData("301", true)]
    public void Should_let_clocks_differ_by_up_to_five_minutes(string seconds, bool isRefused)
    {
        using var folder = new Folder();
        Problems(new()
        {
            ["HTTP_JWT_CLOCK_SKEW_SECONDS"] = seconds,
            ["HTTP_JWT_JWKS_FILE"] = folder.Write("jwks.json", TokenIssuer.KeySet(new TokenIssuer())),
            ["HTTP_JWT_ISSUER"] = TokenIssuer.Issuer,
            ["HTTP_JWT_AUDIENCE"] = TokenIssuer.Audience,
        }).Any(x => x.StartsWith("HTTP_JWT_CLOCK_SKEW_SECONDS must be")).ShouldBe(isRefused);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Should_read_a_megabyte_of_a_file(int beyond, bool isRefused)
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "keys");
        var line = ApiKeyFile.LineOf("ana", ["admin"], ApiKey.New());
        File.WriteAllText(path, $"{line}\n#{new string('x', WatchedFile.BytesMax + beyond - line.Length - 2)}");
        new FileInfo(path).Length.ShouldBe(WatchedFile.BytesMax + beyond);
        Problems(new() { ["HTTP_API_KEYS_FILE"] = path }).Any(x => x.StartsWith("HTTP_API_KEYS_FILE") && x.Contains($"at most {WatchedFile.BytesMax}")).ShouldBe(isRefused);
    }

    [Fact]
    public void Should_not_believe_that_a_plain_connection_is_a_safe_one()
    {
        using var folder = new Folder();
        using var authority = new Authority("root");
        Problems(new() { ["RABBITMQ_URL"] = "amqp://rounds:payouts@127.0.0.1:5672/", ["RABBITMQ_TLS_CA_FILE"] = folder.Write("ca.pem", authority.Pem) })
            .ShouldContain(x => x.StartsWith("RABBITMQ_TLS_CA_FILE") && x.Contains("amqps"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_let_in_this_host_alone_when_nothing_is_configured()
    {
        await using var door = await Door.OpenAsync(new Dictionary<string, string?>(), change: builder => builder.Services.AddSingleton<IStartupFilter>(new Elsewhere()));
        using var client = door.Client();
        foreach (var (remote, isHere) in new[] { ("127.0.0.1", true), ("::1", true), ("::ffff:127.0.0.1", true), (Elsewhere.Own, true), ("203.0.113.7", false), ("nowhere", false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "payouts");
            request.Headers.Add(Elsewhere.Header, remote);
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer ");
            using var answer = await client.SendAsync(request, Cancelled);
            answer.StatusCode.ShouldBe(isHere ? HttpStatusCode.OK : HttpStatusCode.Forbidden, remote);
            if (!isHere)
                (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("only this host may call");
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_take_the_development_key_for_everything_and_nothing_else()
    {
        await using var door = await Door.OpenAsync(new Dictionary<string, string?> { ["HTTP_API_KEY"] = "the right key" });
        foreach (var (shown, status) in new (string?, HttpStatusCode)[]
        {
            ("the right key", HttpStatusCode.OK), (null, HttpStatusCode.Unauthorized), ("the wrong key", HttpStatusCode.Unauthorized), ("", HttpStatusCode.Unauthorized),
            ("the right keys", HttpStatusCode.Unauthorized),
        })
        {
            using var client = door.Client();
            if (shown is not null)
                client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {shown}");
            (await client.GetAsync("submissions", Cancelled)).StatusCode.ShouldBe(status, shown);
        }

        door.Lines.ShouldNotContain(line => line.Contains("the right key"));
    }

    private static IReadOnlyList<string> Problems(Dictionary<string, string?> settings)
    {
        try
        {
            Door.Try(settings);
            return [];
        }
        catch (SettingsException wrong)
        {
            return wrong.Problems;
        }
    }

    /// <summary>Lets a test say where a request comes from.</summary>
    private sealed class Elsewhere : IStartupFilter
    {
        public const string Header = "X-Test-Remote", Own = "192.0.2.1";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Connection.LocalIpAddress = IPAddress.Parse(Own);
                context.Connection.RemoteIpAddress = IPAddress.TryParse(context.Request.Headers[Header], out var remote) ? remote : null;
                return rest(context);
            });
            next(app);
        };
    }
}
