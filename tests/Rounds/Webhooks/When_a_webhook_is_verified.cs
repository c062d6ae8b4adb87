using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Rounds.Tests.Host;
using Payouts.Rounds.Webhooks;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Webhooks;

public sealed class When_a_webhook_is_verified(Servers servers)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    private static readonly NodeProject Sample = new(RepositoryRoot.PathOf("samples", "webhooks", "node"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Should_carry_the_signature_that_the_scheme_s_own_libraries_know() =>
        // Of the tests of github.com/standard-webhooks/standard-webhooks.
        WebhookSignature.Of([Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")], "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"u8)
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact(Timeout = 120_000)]
    public async Task Should_be_signed_with_both_secrets_while_one_replaces_the_other_without_a_restart()
    {
        await using var site = await WebhookSite.PrepareAsync(servers, RoundsHost.Sqlite);
        IReadOnlyList<string>[] steps = [[WebhookSite.Secret], [WebhookSite.Secret, WebhookSite.NewSecret], [WebhookSite.NewSecret]];
        foreach (var secrets in steps)
        {
            await site.ConfigureAsync(WebhookSite.Endpoint(site.Receiver.Url(), secrets: secrets));
            site.Host.Clock.Advance(TimeSpan.FromSeconds(1));
            await site.ResolveAsync();
            await site.DrainAsync();
            var webhook = site.Receiver.Received[^1];
            webhook.Signature.ShouldBe(Signature(secrets, webhook.Id, webhook.Timestamp, webhook.Body));
            webhook.Timestamp.ShouldBe(WebhookSignature.TimestampOf(site.Host.Clock.GetUtcNow()));
        }

        // A file that is broken changes nothing.
        await site.ConfigureAsync(WebhookSite.Endpoint(site.Receiver.Url(), secrets: ["whsec_"]));
        site.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await site.ResolveAsync();
        await site.DrainAsync();
        site.Receiver.Received[^1].Signature.Split(' ').ShouldHaveSingleItem();
        site.Receiver.Received.Count.ShouldBe(4);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_taken_by_a_game_in_another_language()
    {
        await using var node = await Sample.StartAsync(["receiver.mjs"], [new("WEBHOOK_SECRETS", WebhookSite.Secret), new("PORT", "0")]);
        var url = await ListensAsync(node);
        // Its clock is the real one.
        await using var site = await WebhookSite.StartAsync(servers, RoundsHost.Sqlite, change: services => services.AddSingleton(TimeProvider.System));
        await site.ConfigureAsync(WebhookSite.Endpoint(url));
        await Probe.Until("the file is read", () => site.Host.Get<WebhookEndpoints>().Current[0].Url.AbsoluteUri == url);
        var round = await site.ResolveAsync();
        await site.SettleAsync(round);
        await Probe.Until("both are delivered", async _ => (await site.DeliveriesAsync()).Count(x => x.State == WebhookState.Delivered) == 2);

        var deliveries = await site.DeliveriesAsync();
        node.Output.ShouldContain($"RoundResolved {round} {deliveries[0].WebhookId}");
        node.Output.ShouldContain($"RoundSettled {round} {deliveries[1].WebhookId}");
        (await site.Host.Get<WebhookReplays>().ReplayAsync(deliveries[0].Id, "ana", Cancelled)).ShouldBe((true, null));
        await Probe.Until("it knows it already", () => node.Output.Contains($"repeat {deliveries[0].WebhookId}", StringComparison.Ordinal));
        node.Output.ShouldNotContain("refused");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_refused_there_when_anything_of_it_is_not_ours()
    {
        await using var node = await Sample.StartAsync(["receiver.mjs"], [new("WEBHOOK_SECRETS", WebhookSite.Secret), new("PORT", "0")]);
        var url = await ListensAsync(node);
        using var http = new HttpClient();
        const string Id = "RoundSettled_3f6c2f0a-7d1e-7b59-9d39-55a0a1f0a001", Body = """{"roundId":"r","owed":"1.0000000","paid":"1.0000000","payouts":1}""";
        var now = WebhookSignature.TimestampOf(TimeProvider.System.GetUtcNow());
        var old = WebhookSignature.TimestampOf(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(6));
        var right = Signature([WebhookSite.Secret], Id, now, Encoding.UTF8.GetBytes(Body));

        (await PostAsync(http, url, Id, now, right, Body.Replace("\"paid\":\"1.", "\"paid\":\"9.", StringComparison.Ordinal))).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(http, url, Id, old, Signature([WebhookSite.Secret], Id, old, Encoding.UTF8.GetBytes(Body)), Body)).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(http, url, Id, now, Signature([WebhookSite.NewSecret], Id, now, Encoding.UTF8.GetBytes(Body)), Body)).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(http, url, Id.Replace("RoundSettled", "PayoutOnHold", StringComparison.Ordinal), now, right, Body)).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(http, url, Id, now, right, Body)).ShouldBe(HttpStatusCode.NoContent);
        (await PostAsync(http, url, Id, now, Signature([WebhookSite.NewSecret, WebhookSite.Secret], Id, now, Encoding.UTF8.GetBytes(Body)), Body)).ShouldBe(HttpStatusCode.NoContent);
        await Probe.Until("it took the right one once", () => node.Output.Contains($"RoundSettled r {Id}", StringComparison.Ordinal) && node.Output.Contains($"repeat {Id}", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_pass_the_sample_s_own_tests() =>
        (await Sample.RunAsync(["--test", "--test-reporter=tap"], [], Within, Cancelled)).ShouldContain("# pass 7");

    private static string Signature(IReadOnlyList<string> secrets, string id, string timestamp, byte[] body) =>
        WebhookSignature.Of([.. secrets.Select(secret => Convert.FromBase64String(secret["whsec_".Length..]))], id, timestamp, body);

    private static async Task<string> ListensAsync(NodeProcess node)
    {
        const string Says = "listening on ";
        await Probe.Until("the game listens", () => node.Output.Contains(Says, StringComparison.Ordinal), Within, Cancelled);
        return node.Output.Split('\n').Select(line => line.Trim()).First(line => line.Contains(Says, StringComparison.Ordinal)).Split(Says)[1];
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, string url, string id, string timestamp, string signature, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", signature);
        using var answer = await http.SendAsync(request, Cancelled);
        return answer.StatusCode;
    }
}
