using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Payouts.Rounds.Tests.Host;
using Payouts.Rounds.Webhooks;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Webhooks;

public sealed class When_a_receiver_fails(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, string> Failures => new()
    {
        { RoundsHost.Sqlite, 500, nameof(WebhookOutcome.ReceiverFailed) },
        { RoundsHost.Postgres, 503, nameof(WebhookOutcome.ReceiverFailed) },
        { RoundsHost.Sqlite, 404, nameof(WebhookOutcome.Refused) },
        { RoundsHost.Sqlite, 302, nameof(WebhookOutcome.Redirected) },
        { RoundsHost.Postgres, 307, nameof(WebhookOutcome.Redirected) },
    };

    [Theory(Timeout = 120_000)]
    [MemberData(nameof(Failures))]
    public async Task Should_be_asked_again_after_growing_pauses_under_the_same_id(string database, int status, string outcome)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, database);
        site.Receiver.Answer = (_, http) =>
        {
            http.Response.Headers.Location = "/elsewhere";
            return WebhookReceiver.Status(http, status);
        };
        await site.ResolveAsync();
        await site.DrainAsync();
        var pauses = new List<TimeSpan>();
        for (var retry = 0; retry < 5; retry++)
            pauses.Add(await site.RetryAsync());
        var waiting = (await site.DeliveriesAsync()).ShouldHaveSingleItem();
        (waiting.Tries, waiting.State, waiting.LastOutcome.ToString(), waiting.LastDetail).ShouldBe((6, WebhookState.Waiting, outcome, $"HTTP {status}"));
        site.Receiver.Answer = (_, http) => WebhookReceiver.Status(http, StatusCodes.Status200OK);
        await site.RetryAsync();

        (await site.DeliveriesAsync()).ShouldHaveSingleItem().State.ShouldBe(WebhookState.Delivered);
        site.Receiver.Received.Count.ShouldBe(7);
        site.Receiver.Received.ShouldAllBe(x => x.Path == "/hooks", "a redirect is not followed");
        site.Receiver.Received.Select(x => x.Id).Distinct().ShouldHaveSingleItem();
        site.Receiver.Received.Select(x => x.Text).Distinct().ShouldHaveSingleItem();
        site.Receiver.Received.Select(x => x.Timestamp).Distinct().Count().ShouldBe(7, "the time is that of the try");
        pauses.ShouldBe([.. pauses.Order()]);
        pauses.Zip([5, 10, 20, 40, 80]).ShouldAllBe(x => x.First <= TimeSpan.FromSeconds(x.Second) && x.First >= TimeSpan.FromSeconds(x.Second * 0.75));
    }

    /// <summary>What it asks for in seconds or as a date; too little, too much, what has passed, and what is no time.</summary>
    [Theory(Timeout = 120_000)]
    [InlineData("600", 600, 600)]
    [InlineData("Fri, 01 Jan 2027 00:10:00 GMT", 600, 600)]
    [InlineData("1", 3.75, 5)]
    [InlineData("9999999", 3600, 3600)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", 3.75, 5)]
    [InlineData("tomorrow", 3.75, 5)]
    public async Task Should_be_left_alone_as_long_as_it_asks_for_up_to_an_hour(string asked, double secondsMin, double secondsMax)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, RoundsHost.Sqlite);
        site.Host.Clock.SetUtcNow(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        site.Receiver.Answer = (_, http) =>
        {
            http.Response.Headers.RetryAfter = asked;
            return WebhookReceiver.Status(http, StatusCodes.Status503ServiceUnavailable);
        };
        await site.ResolveAsync();
        await site.DrainAsync();
        (await site.RetryAsync()).TotalSeconds.ShouldBeInRange(secondsMin, secondsMax);
        site.Receiver.Received.Count.ShouldBe(2);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_asked_again_when_it_does_not_answer_in_time(string database)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, database);
        site.Receiver.Answer = (_, http) => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        await site.ResolveAsync();
        var sending = site.DrainAsync();
        await Probe.Until("it is asked", () => site.Receiver.Received.Count == 1);
        site.Host.Clock.Advance(TimeSpan.FromSeconds(15) - TimeSpan.FromMilliseconds(1));
        sending.IsCompleted.ShouldBeFalse();
        site.Host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await sending;

        var waiting = (await site.DeliveriesAsync()).ShouldHaveSingleItem();
        (waiting.State, waiting.LastOutcome, waiting.LastDetail).ShouldBe((WebhookState.Waiting, WebhookOutcome.TimedOut, "no answer within 15 s"));
        site.Receiver.Answer = (_, http) => WebhookReceiver.Status(http, StatusCodes.Status204NoContent);
        await site.RetryAsync();
        (await site.DeliveriesAsync()).ShouldHaveSingleItem().State.ShouldBe(WebhookState.Delivered);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_asked_again_when_nobody_listens_or_the_line_breaks_or_the_answer_is_endless()
    {
        await using var site = await WebhookSite.PrepareAsync(servers, RoundsHost.Sqlite);
        await site.ConfigureAsync(WebhookSite.Endpoint($"http://127.0.0.1:{FreePort.Next()}/hooks"));
        site.Host.Clock.Advance(TimeSpan.FromSeconds(2));
        await site.ResolveAsync();
        await site.DrainAsync();
        var waiting = (await site.DeliveriesAsync()).ShouldHaveSingleItem();
        (waiting.State, waiting.LastOutcome).ShouldBe((WebhookState.Waiting, WebhookOutcome.Unreachable));
        waiting.LastDetail!.ShouldContain("Connection refused");

        await site.ConfigureAsync(WebhookSite.Endpoint(site.Receiver.Url()));
        site.Receiver.Answer = (_, http) =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        await site.RetryAsync();
        (await site.DeliveriesAsync()).ShouldHaveSingleItem().LastOutcome.ShouldBe(WebhookOutcome.Unreachable);
        site.Receiver.Answer = async (_, http) =>
        {
            // The status counts, and nobody reads on for ever.
            var chunk = new byte[64 * 1024];
            for (var sent = 0; sent < 1_000 && !http.RequestAborted.IsCancellationRequested; sent++)
                await http.Response.Body.WriteAsync(chunk, http.RequestAborted).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
        };
        await site.RetryAsync();
        (await site.DeliveriesAsync()).ShouldHaveSingleItem().State.ShouldBe(WebhookState.Delivered);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_told_nothing_under_a_certificate_that_the_host_does_not_trust()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var own = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using var secure = await WebhookReceiver.StartAsync(own);
        await using var site = await WebhookSite.PrepareAsync(servers, RoundsHost.Sqlite);
        await site.ConfigureAsync(WebhookSite.Endpoint(secure.Url()));
        site.Host.Clock.Advance(TimeSpan.FromSeconds(2));
        await site.ResolveAsync();
        await site.DrainAsync();
        var waiting = (await site.DeliveriesAsync()).ShouldHaveSingleItem();
        (waiting.State, waiting.LastOutcome).ShouldBe((WebhookState.Waiting, WebhookOutcome.Unreachable));
        waiting.LastDetail!.ShouldStartWith("SecureConnectionError");
        secure.Received.ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(12, nameof(WebhookState.Delivered))]
    [InlineData(20, nameof(WebhookState.Waiting))]
    public async Task Should_be_asked_again_when_its_answer_is_all_headers(int kilobytes, string state)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, RoundsHost.Sqlite);
        site.Receiver.Answer = (_, http) =>
        {
            for (var header = 0; header < kilobytes; header++)
                http.Response.Headers[$"x-{header}"] = new string('a', 1024);
            return WebhookReceiver.Status(http, StatusCodes.Status204NoContent);
        };
        await site.ResolveAsync();
        await site.DrainAsync();
        (await site.DeliveriesAsync()).ShouldHaveSingleItem().State.ToString().ShouldBe(state);
    }

    [Theory(Timeout = 180_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_given_up_after_80_tries_and_get_it_when_a_human_replays_it(string database)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, database);
        site.Receiver.Answer = (_, http) => WebhookReceiver.Status(http, StatusCodes.Status500InternalServerError);
        await site.ResolveAsync();
        var from = site.Host.Clock.GetUtcNow();
        await site.DrainAsync();
        for (var tries = 1; tries < 80; tries++)
            (await site.RetryAsync()).ShouldBeLessThanOrEqualTo(TimeSpan.FromHours(1));
        var failed = (await site.DeliveriesAsync()).ShouldHaveSingleItem();
        (failed.State, failed.Tries, failed.LastOutcome, failed.LastDetail).ShouldBe((WebhookState.Failed, 80, WebhookOutcome.GivenUp, "ReceiverFailed: HTTP 500"));
        (site.Host.Clock.GetUtcNow() - from).ShouldBeInRange(TimeSpan.FromDays(2), TimeSpan.FromDays(3));
        site.Host.Clock.Advance(TimeSpan.FromDays(1));
        await site.DrainAsync();
        site.Receiver.Received.Count.ShouldBe(80, "no more after the last");

        site.Receiver.Answer = (_, http) => WebhookReceiver.Status(http, StatusCodes.Status204NoContent);
        (await site.Host.Get<WebhookReplays>().ReplayAsync(failed.Id, "ana", Cancelled)).ShouldBe((true, null));
        await site.DrainAsync();
        var delivered = (await site.DeliveriesAsync()).ShouldHaveSingleItem();
        (delivered.State, delivered.Tries, delivered.ReplayedBy).ShouldBe((WebhookState.Delivered, 1, "ana"));
        site.Receiver.Received.Select(x => x.Id).Distinct().ShouldHaveSingleItem();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_get_the_events_of_a_round_in_order_while_others_pass(string database)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, database);
        var (stuck, other) = (await site.ResolveAsync(), await site.ResolveAsync());
        await site.SettleAsync(stuck);
        await site.SettleAsync(other);
        site.Receiver.Answer = (webhook, http) => WebhookReceiver.Status(http, webhook.Text.Contains($"\"{stuck}\"", StringComparison.Ordinal) ? 500 : 204);
        await site.DrainAsync();
        site.Receiver.Received.Where(x => x.Text.Contains($"\"{other}\"", StringComparison.Ordinal)).Select(x => x.Event).ShouldBe(["RoundResolved", "RoundSettled"]);
        site.Receiver.Received.Where(x => x.Text.Contains($"\"{stuck}\"", StringComparison.Ordinal)).Select(x => x.Event).ShouldBe(["RoundResolved"], "what is behind it waits");

        site.Receiver.Answer = (_, http) => WebhookReceiver.Status(http, StatusCodes.Status204NoContent);
        site.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        await site.DrainAsync();
        site.Receiver.Received.Where(x => x.Text.Contains($"\"{stuck}\"", StringComparison.Ordinal)).Select(x => x.Event).ShouldBe(["RoundResolved", "RoundResolved", "RoundSettled"]);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_hold_up_neither_another_endpoint_nor_the_rounds(string database)
    {
        await using var site = await WebhookSite.StartAsync(servers, database);
        await site.ConfigureAsync(WebhookSite.Endpoint(site.Receiver.Url("/slow"), "slow"), WebhookSite.Endpoint(site.Receiver.Url("/quick"), "quick"));
        site.Host.Clock.Advance(TimeSpan.FromSeconds(2));
        site.Receiver.Answer = (webhook, http) => webhook.Path == "/slow"
            ? Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default)
            : WebhookReceiver.Status(http, StatusCodes.Status204NoContent);
        const int Rounds = 12;
        for (var round = 0; round < Rounds; round++)
            await site.SettleAsync(await site.ResolveAsync());
        await Probe.Until("the quick one has everything", () => site.Receiver.Received.Count(x => x.Path == "/quick") == 2 * Rounds);
        await Probe.Until("the slow one has as many as may be on their way at once", () => site.Receiver.Received.Count(x => x.Path == "/slow") == WebhookOptions.SendsAtOnceMax);
        (await site.Host.ReadAsync((db, _) => Task.FromResult(db.Rounds.Count(x => x.SettledAt != null)))).ShouldBe(Rounds);
        site.Receiver.Received.Count(x => x.Path == "/slow").ShouldBe(WebhookOptions.SendsAtOnceMax);
    }
}
