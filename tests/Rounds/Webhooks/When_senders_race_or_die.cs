using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Hosting.Steps;
using Payouts.Rounds.Tests.Host;
using Payouts.Rounds.Webhooks;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Webhooks;

public sealed class When_senders_race_or_die(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite, "rounds/WebhookPump/before-send", 1)]
    [InlineData(RoundsHost.Sqlite, "rounds/WebhookPump/sent", 2)]
    [InlineData(RoundsHost.Postgres, "rounds/WebhookPump/sent", 2)]
    [InlineData(RoundsHost.Postgres, "rounds/WebhookPump.record/before-commit", 2)]
    public async Task Should_lose_nothing_and_say_it_again_under_the_same_id(string database, string point, int received)
    {
        var death = new Death(point);
        await using var site = await WebhookSite.PrepareAsync(servers, database, services => services.AddSingleton<IStepPoints>(death));
        await site.ResolveAsync();
        (await Should.ThrowAsync<InvalidOperationException>(site.DrainAsync)).Message.ShouldBe(point);
        await site.DrainAsync();
        var left = (await site.DeliveriesAsync()).ShouldHaveSingleItem();
        (left.State, left.Tries, left.IsLeased(site.Host.Clock.GetUtcNow())).ShouldBe((WebhookState.Waiting, 1, true));
        (await site.Host.Get<WebhookReplays>().ReplayAsync(left.Id, "ana", Cancelled)).Problem.ShouldBe("it is being sent at this moment");

        site.Host.Clock.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromMilliseconds(1));
        await site.DrainAsync();
        site.Receiver.Received.Count.ShouldBe(received - 1, "the lease is not over");
        site.Host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await site.AnotherPump().DrainAsync(Cancelled);

        site.Receiver.Received.Count.ShouldBe(received);
        site.Receiver.Received.Select(x => x.Id).Distinct().ShouldHaveSingleItem();
        (await site.DeliveriesAsync()).ShouldHaveSingleItem().State.ShouldBe(WebhookState.Delivered);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_never_both_send_the_same(string database)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, database);
        const int Rounds = 40;
        for (var round = 0; round < Rounds; round++)
            await site.ResolveAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        site.Receiver.Answer = (_, http) => release.Task.ContinueWith(_ => WebhookReceiver.Status(http, StatusCodes.Status204NoContent), TaskScheduler.Default);
        var first = site.DrainAsync();
        await Probe.Until("the first replica sends", () => site.Receiver.Received.Count == WebhookOptions.SendsAtOnceMax);
        site.Receiver.Answer = (_, http) => WebhookReceiver.Status(http, StatusCodes.Status204NoContent);
        await site.AnotherPump().DrainAsync(Cancelled);
        site.Receiver.Received.Select(x => x.Id).Distinct().Count().ShouldBe(Rounds, "the second has sent all that the first does not hold");
        release.SetResult();
        await first;

        site.Receiver.Received.Count.ShouldBe(Rounds);
        (await site.DeliveriesAsync()).ShouldAllBe(x => x.State == WebhookState.Delivered && x.Tries == 1);
    }

    [Theory(Timeout = 180_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_share_the_work_of_many_rounds_in_order(string database)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, database);
        const int Rounds = 40;
        for (var round = 0; round < Rounds; round++)
            await site.SettleAsync(await site.ResolveAsync());
        // A replica that finds everything leased ends its round early; the others go on.
        await Task.WhenAll(site.DrainAsync(), site.AnotherPump().DrainAsync(Cancelled), site.AnotherPump().DrainAsync(Cancelled));

        site.Receiver.Received.Count.ShouldBe(2 * Rounds);
        foreach (var round in site.Receiver.Received.GroupBy(x => System.Text.Json.JsonDocument.Parse(x.Body).RootElement.GetProperty("roundId").GetString()))
            round.Select(x => x.Event).ShouldBe(["RoundResolved", "RoundSettled"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_end_even_when_every_try_kills_its_sender()
    {
        var options = new WebhookOptions();
        await using var site = await WebhookSite.PrepareAsync(servers, RoundsHost.Sqlite, services => services.AddSingleton<IStepPoints>(new Death("rounds/WebhookPump/sent", always: true)));
        await site.ResolveAsync();
        for (var tries = 0; tries < WebhookOptions.TriesMax; tries++)
        {
            await Should.ThrowAsync<InvalidOperationException>(site.DrainAsync);
            site.Host.Clock.Advance(options.LeaseTimeMax);
        }

        await site.DrainAsync();
        var failed = (await site.DeliveriesAsync()).ShouldHaveSingleItem();
        (failed.State, failed.LastDetail, site.Receiver.Received.Count).ShouldBe((WebhookState.Failed, "the sender ended in its last try", WebhookOptions.TriesMax));
    }

    /// <summary>Ends the work at a point, as far as the work can tell.</summary>
    private sealed class Death(string at, bool always = false) : IStepPoints
    {
        private int _passed;

        public bool AreWatched => true;

        public void Pass(string point)
        {
            if (point == at && (Interlocked.Increment(ref _passed) == 1 || always))
                throw new InvalidOperationException(point);
        }
    }
}
