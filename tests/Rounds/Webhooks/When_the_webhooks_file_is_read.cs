using System.Text;
using System.Text.Json;
using Payouts.Rounds.Webhooks;

namespace Payouts.Rounds.Tests.Webhooks;

public sealed class When_the_webhooks_file_is_read
{
    private const string Url = "https://game.example/hooks";
    private static readonly string Secret = WebhookSite.Secret;

    [Fact]
    public void Should_hold_endpoints_with_their_secrets_and_events()
    {
        var endpoints = Read($$"""
            // Comments are taken.
            { "endpoints": [
                { "name": "game", "url": "{{Url}}", "secrets": ["{{Secret}}"] },
                { "name": "desk-2", "url": "https://desk.example:8443/a?b=c", "secrets": ["{{Secret}}", "{{WebhookSite.NewSecret}}"], "events": ["PayoutOnHold"] },
            ] }
            """);
        endpoints.Select(x => (x.Name, x.Url.AbsoluteUri, x.Secrets.Count)).ShouldBe([("game", Url, 1), ("desk-2", "https://desk.example:8443/a?b=c", 2)]);
        endpoints[0].Events.ShouldBe(WebhookEvents.Names, ignoreOrder: true);
        endpoints[1].Events.ShouldBe(["PayoutOnHold"]);
        endpoints[0].Secrets[0].ShouldBe(Enumerable.Range(1, 32).Select(x => (byte)x));
    }

    [Theory]
    [InlineData("", "$, line 1")]
    [InlineData("null", "$: an object")]
    [InlineData("{}", "endpoints: a list of at most 16")]
    [InlineData("""{ "endpoints": [null] }""", "endpoints[0]: an object")]
    [InlineData("""{ "endpoint": [] }""", "line 1")]
    [InlineData("""{ "endpoints": [{ "name": "Game", "url": "U", "secrets": ["S"] }] }""", "endpoints[0].name")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "U" }] }""", "endpoints[0].secrets: a list of 1 or 2")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "U", "secrets": [] }] }""", "endpoints[0].secrets: a list of 1 or 2")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "U", "secrets": ["S", "S", "S"] }] }""", "endpoints[0].secrets: a list of 1 or 2")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "U", "secrets": ["S", "c2VjcmV0"] }] }""", "endpoints[0].secrets[1]: whsec_")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "U", "secrets": ["whsec_not base64"] }] }""", "endpoints[0].secrets[0]: whsec_")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "U", "secrets": "S" }] }""", "$.endpoints[0].secrets, line 1")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "U", "secrets": ["S"], "events": [] }] }""", "endpoints[0].events: some of DirectPayoutOrdered, GameEventRefused")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "U", "secrets": ["S"], "events": ["PayoutBuilt"] }] }""", "endpoints[0].events")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "http://game.example/", "secrets": ["S"] }] }""", "endpoints[0].url: https; http is taken for this host alone")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "https://ana:pin@game.example/", "secrets": ["S"] }] }""", "endpoints[0].url: https://HOST/PATH")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "https://game.example/#top", "secrets": ["S"] }] }""", "endpoints[0].url: https://HOST/PATH")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "ftp://game.example/", "secrets": ["S"] }] }""", "endpoints[0].url: https://HOST/PATH")]
    [InlineData("""{ "endpoints": [{ "name": "game", "url": "/hooks", "secrets": ["S"] }] }""", "endpoints[0].url: https")]
    [InlineData("""{ "endpoints": [{ "name": "game", "secrets": ["S"] }] }""", "endpoints[0].url: https://HOST/PATH")]
    [InlineData("""{ "endpoints": [{ "name": "a", "url": "U", "secrets": ["S"] }, { "name": "a", "url": "U", "secrets": ["S"] }] }""", "endpoints: a list in which no name is there twice")]
    public void Should_name_what_is_wrong_and_repeat_no_secret(string json, string problem)
    {
        var wrong = Should.Throw<FormatException>(() => Read(json.Replace("\"U\"", $"\"{Url}\"", StringComparison.Ordinal).Replace("\"S\"", $"\"{Secret}\"", StringComparison.Ordinal)));
        wrong.Message.ShouldContain(problem);
        wrong.ToString().ShouldNotContain(Secret["whsec_".Length..]);
        wrong.ToString().ShouldNotContain("c2VjcmV0");
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Should_take_a_secret_of_24_to_64_bytes(int bytes, bool taken)
    {
        var json = One(Url, "whsec_" + Convert.ToBase64String(new byte[bytes]));
        if (taken)
            Read(json)[0].Secrets[0].Length.ShouldBe(bytes);
        else
            Should.Throw<FormatException>(() => Read(json)).Message.ShouldContain("24 to 64");
    }

    [Fact]
    public void Should_take_16_endpoints_and_a_url_of_2000_characters()
    {
        Read(Many(16)).Count.ShouldBe(16);
        Should.Throw<FormatException>(() => Read(Many(17)));
        var longest = Url + "/" + new string('a', WebhooksFile.UrlLengthMax - Url.Length - 1);
        Read(One(longest, Secret))[0].Url.AbsoluteUri.ShouldBe(longest);
        Should.Throw<FormatException>(() => Read(One(longest + "a", Secret)));
    }

    [Theory]
    [InlineData("http://localhost:8080/hooks", false, true)]
    [InlineData("http://127.0.0.1/hooks", false, true)]
    [InlineData("http://[::1]:80/hooks", false, true)]
    [InlineData("http://10.0.0.1/hooks", false, false)]
    [InlineData("http://localhost.game.example/hooks", false, false)]
    [InlineData("http://game:8080/hooks", true, true)]
    public void Should_speak_plainly_to_this_host_alone_and_on_development_networks(string url, bool development, bool taken)
    {
        if (taken)
            WebhooksFile.Parse(Encoding.UTF8.GetBytes(One(url, Secret)), development)[0].Url.ShouldBe(new Uri(url));
        else
            Should.Throw<FormatException>(() => WebhooksFile.Parse(Encoding.UTF8.GetBytes(One(url, Secret)), development));
    }

    [Fact]
    public void Should_print_no_secret() => Read(One(Url, Secret))[0].ToString().ShouldBe("game");

    private static string One(string url, string secret) => JsonSerializer.Serialize(new { endpoints = new[] { new { name = "game", url, secrets = new[] { secret } } } });

    private static string Many(int count) =>
        JsonSerializer.Serialize(new { endpoints = Enumerable.Range(0, count).Select(x => new { name = $"game-{x}", url = Url, secrets = new[] { Secret } }) });

    private static IReadOnlyList<WebhookEndpoint> Read(string json) => WebhooksFile.Parse(Encoding.UTF8.GetBytes(json), plainHttp: false);
}
