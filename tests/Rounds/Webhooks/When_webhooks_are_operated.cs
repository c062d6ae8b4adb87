using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Contracts;
using Payouts.Hosting.Retention;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Tests.Host;
using Payouts.Rounds.Webhooks;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Webhooks;

public sealed class When_webhooks_are_operated(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_listed_by_filter_and_page_and_shown_with_what_they_say(string database)
    {
        await using var site = await WebhookSite.StartAsync(servers, database);
        using var client = DoorClient.To(site.Host);
        var rounds = new[] { await site.ResolveAsync(), await site.ResolveAsync(), await site.ResolveAsync() };
        await Probe.Until("three are delivered", async _ => (await site.DeliveriesAsync()).Count(x => x.State == WebhookState.Delivered) == 3);
        site.Receiver.Answer = (_, http) => WebhookReceiver.Status(http, StatusCodes.Status500InternalServerError);
        await site.SettleAsync(rounds[1]);
        await Probe.Until("the fourth was tried", async _ => (await site.DeliveriesAsync())[^1].LastTriedAt is not null);

        (await IdsAsync(client, "/webhooks")).ShouldBe([4, 3, 2, 1]);
        (await IdsAsync(client, "/webhooks?state=waiting")).ShouldBe([4]);
        (await IdsAsync(client, "/webhooks?state=Delivered&limit=2")).ShouldBe([3, 2]);
        (await IdsAsync(client, "/webhooks?state=Delivered&limit=2&after=2")).ShouldBe([1]);
        (await IdsAsync(client, $"/webhooks?roundId={rounds[1]}")).ShouldBe([4, 2]);
        (await IdsAsync(client, "/webhooks?endpoint=game")).Count.ShouldBe(4);
        (await IdsAsync(client, "/webhooks?endpoint=desk")).ShouldBeEmpty();
        (await client.GetAsync("/webhooks?limit=2")).Json.GetProperty("next").GetInt64().ShouldBe(3);
        var shown = (await client.GetAsync("/webhooks/4")).Json;
        (Text(shown, "event"), Text(shown, "state"), Text(shown, "lastOutcome"), Text(shown, "lastDetail"), shown.GetProperty("webhook").GetProperty("tries").GetInt32())
            .ShouldBe(("RoundSettled", "Waiting", "ReceiverFailed", "HTTP 500", 1));
        shown.GetProperty("body").GetProperty("roundId").GetString().ShouldBe(rounds[1]);
        foreach (var wrong in (string[])["state=Lost", "state=1", "after=x", "limit=x", "endpoint=%00", "roundId=%00"])
            (await client.GetAsync($"/webhooks?{wrong}")).Status.ShouldBe(HttpStatusCode.BadRequest, wrong);
        foreach (var nobody in new[] { "99", "-1", "x" })
            (await client.GetAsync("/webhooks/" + nobody)).ShouldBeRefused(HttpStatusCode.NotFound, "WebhookNotFound");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_replayed_one_by_one_or_all_that_failed(string database)
    {
        await using var site = await WebhookSite.StartAsync(servers, database);
        using var client = DoorClient.To(site.Host);
        await site.ResolveAsync();
        await Probe.Until("it is delivered", async _ => (await site.DeliveriesAsync())[0].State == WebhookState.Delivered);
        (await client.PostTextAsync("/webhooks/1/replay", "", "")).Status.ShouldBe(HttpStatusCode.Accepted);
        await Probe.Until("it came again", () => site.Receiver.Received.Count == 2);
        site.Receiver.Received.Select(x => x.Id).Distinct().ShouldHaveSingleItem();
        (await client.PostTextAsync("/webhooks/99/replay", "", "")).ShouldBeRefused(HttpStatusCode.NotFound, "WebhookNotFound");

        await Probe.Until("that is recorded", async _ => (await site.DeliveriesAsync())[0].State == WebhookState.Delivered);
        await FailAsync(site, 3);
        (await client.PostTextAsync("/webhooks/replay?endpoint=desk", "", "")).ShouldBeRefused(HttpStatusCode.NotFound, "EndpointUnknown");
        (await client.PostTextAsync("/webhooks/replay", "", "")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var answer = await client.PostTextAsync("/webhooks/replay?endpoint=game", "", "");
        (answer.Status, answer.Json.GetProperty("replayed").GetInt32(), answer.Json.GetProperty("more").GetBoolean()).ShouldBe((HttpStatusCode.Accepted, 3, false));
        await Probe.Until("all are delivered", async _ => (await site.DeliveriesAsync()).TrueForAll(x => x.State == WebhookState.Delivered));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_show_100_rows_a_page()
    {
        await using var site = await WebhookSite.StartAsync(servers, RoundsHost.Sqlite);
        using var client = DoorClient.To(site.Host);
        await FailAsync(site, 101);
        (await IdsAsync(client, "/webhooks")).Count.ShouldBe(100);
        (await IdsAsync(client, "/webhooks?after=2")).ShouldBe([1]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_replayed_a_thousand_at_once_at_most()
    {
        await using var site = await WebhookSite.PrepareAsync(servers, RoundsHost.Sqlite);
        await FailAsync(site, WebhookOptions.BatchMax + 1);
        var replays = site.Host.Get<WebhookReplays>();
        (await replays.ReplayFailedAsync("game", "ana", Cancelled)).ShouldBe((WebhookOptions.BatchMax, true));
        (await replays.ReplayFailedAsync("game", "ana", Cancelled)).ShouldBe((1, false));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_given_up_three_days_after_their_endpoint_left_the_file(string database)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, database);
        await site.ResolveAsync();
        var id = (await site.DeliveriesAsync())[0].Id;
        await site.ConfigureAsync(WebhookSite.Endpoint(site.Receiver.Url(), "another"));
        site.Host.Clock.Advance(TimeSpan.FromDays(3) - TimeSpan.FromMilliseconds(1));
        await site.Pump.StepOnceAsync(Cancelled);
        (await site.DeliveriesAsync())[0].State.ShouldBe(WebhookState.Waiting);
        (await site.Host.Get<WebhookReplays>().ReplayAsync(id, "ana", Cancelled)).Problem.ShouldBe("the endpoint \"game\" is not in the file any more");
        site.Host.Clock.Advance(TimeSpan.FromSeconds(15));
        await site.Pump.StepOnceAsync(Cancelled);
        var failed = (await site.DeliveriesAsync())[0];
        (failed.State, failed.LastDetail).ShouldBe((WebhookState.Failed, "the endpoint is not in the file any more"));
        site.Receiver.Received.ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_forgotten_at_the_bound_once_they_ended(string database)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, database);
        await site.ResolveAsync();
        await site.DrainAsync();
        await site.ResolveAsync();
        var loop = new RetentionLoop<RoundsDbContext>(site.Host.Units, RoundsRetention.Rules, new RetentionOptions(TimeSpan.FromDays(400)), site.Host.Clock, NullLogger<RetentionLoop<RoundsDbContext>>.Instance);
        site.Host.Clock.Advance(TimeSpan.FromDays(400));
        await loop.ForgetAsync(Cancelled);
        (await site.DeliveriesAsync()).Count.ShouldBe(2, "the bound itself is kept");
        site.Host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await loop.ForgetAsync(Cancelled);
        (await site.DeliveriesAsync()).ShouldHaveSingleItem().State.ShouldBe(WebhookState.Waiting, "what waits stays");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_be_measured()
    {
        await using var site = await WebhookSite.PrepareAsync(servers, RoundsHost.Sqlite);
        site.Receiver.Answer = (_, http) => WebhookReceiver.Status(http, StatusCodes.Status404NotFound);
        await site.ResolveAsync();
        site.Host.Clock.Advance(TimeSpan.FromSeconds(90));
        await site.DrainAsync();
        await site.Pump.StepOnceAsync(Cancelled);
        using var text = new MemoryStream();
        await Prometheus.Metrics.DefaultRegistry.CollectAndExportAsTextAsync(text, Cancelled);
        var metrics = System.Text.Encoding.UTF8.GetString(text.ToArray());
        metrics.ShouldContain("round_webhook_oldest_seconds ");
        metrics.ShouldContain("round_webhooks_total{outcome=\"Refused\"}");
    }

    [Fact]
    public void Should_pause_longer_from_failure_to_failure_up_to_an_hour_whatever_chance_says()
    {
        var options = new WebhookOptions();
        var random = new Random(20_261);
        var longest = new List<TimeSpan>();
        for (var message = 0; message < 100; message++)
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            var id = new Guid(bytes);
            // Doubling outruns chance until the longest pause is reached.
            var pauses = Enumerable.Range(1, 10).Select(tries => options.PauseAfter(id, tries)).ToList();
            pauses.ShouldBe([.. pauses.Order()]);
            Enumerable.Range(1, WebhookOptions.TriesMax).ShouldAllBe(tries => options.PauseAfter(id, tries) <= options.PauseMax && options.PauseAfter(id, tries) >= options.PauseMin * 0.75);
            longest.Add(options.PauseAfter(id, WebhookOptions.TriesMax));
            options.PauseAfter(id, 7).ShouldBe(new WebhookOptions().PauseAfter(id, 7), "the same delivery pauses the same again");
        }

        longest.ShouldAllBe(pause => pause >= TimeSpan.FromMinutes(45));
        longest.Distinct().Count().ShouldBeGreaterThan(90, "what failed together does not come back together");
        options.PauseAfter(Guid.Empty, int.MaxValue).ShouldBeLessThanOrEqualTo(TimeSpan.FromHours(1));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_keep_200_characters_of_why()
    {
        await using var site = await WebhookSite.PrepareAsync(servers, RoundsHost.Sqlite);
        await site.ConfigureAsync(WebhookSite.Endpoint($"https://{string.Join('.', Enumerable.Repeat(new string('a', 60), 4))}.invalid/"));
        site.Host.Clock.Advance(TimeSpan.FromSeconds(2));
        await site.ResolveAsync();
        await site.DrainAsync();
        var row = (await site.DeliveriesAsync()).ShouldHaveSingleItem();
        row.LastOutcome.ShouldBe(WebhookOutcome.Unreachable);
        row.LastDetail!.Length.ShouldBeLessThanOrEqualTo(WebhookOptions.DetailLengthMax);
    }

    /// <summary>Deliveries that were given up, as the pump leaves them.</summary>
    private static async Task FailAsync(WebhookSite site, int count)
    {
        await using var unit = await site.Host.Units.BeginAsync(Cancelled);
        for (var number = 0; number < count; number++)
        {
            var row = WebhookDelivery.Of("game", unit.NewId(), nameof(RoundSettled), $"failed-{number}", "{}"u8.ToArray(), unit.Now);
            row.GiveUp(WebhookOutcome.GivenUp, "ReceiverFailed: HTTP 500", unit.Now);
            unit.Db.Add(row);
        }

        await unit.CommitAsync(Cancelled);
    }

    private static async Task<List<long>> IdsAsync(DoorClient client, string path) =>
        [.. (await client.GetAsync(path)).Json.GetProperty("webhooks").EnumerateArray().Select(x => x.GetProperty("id").GetInt64())];

    private static string? Text(JsonElement shown, string member) => shown.GetProperty("webhook").GetProperty(member).GetString();
}
