using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Hosting.Messaging;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Tests.Host;
using Payouts.Rounds.Webhooks;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Webhooks;

public sealed class When_a_game_is_told_over_http(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_get_each_event_once_with_the_id_and_the_bytes_of_the_broker(string database)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, database);
        var id = await site.ResolveAsync();
        await site.SettleAsync(id);
        var onTheBroker = await site.Host.ReadAsync((db, token) => db.Database.SqlQueryRaw<OutboxRow>("select message_id, message_type, body from outbox order by id").ToListAsync(token));

        await site.DrainAsync();
        await site.DrainAsync();

        site.Receiver.Received.Select(x => x.Event).ShouldBe(["RoundResolved", "RoundSettled"]);
        site.Receiver.Received.Select(x => x.Id).ShouldBe(onTheBroker.Select(x => $"{x.MessageType.Split(':')[^1]}_{x.MessageId:D}"));
        site.Receiver.Received.Select(x => x.Text).ShouldBe(onTheBroker.Select(x => System.Text.Encoding.UTF8.GetString(x.Body)));
        site.Receiver.Received.ShouldAllBe(x => x.Headers["content-type"] == "application/json" && !x.Headers.ContainsKey("traceparent"));
        (await site.DeliveriesAsync()).ShouldAllBe(x => x.State == WebhookState.Delivered && x.Tries == 1 && x.RoundId == id && x.LastDetail == "HTTP 204");
    }

    [Theory(Timeout = 180_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_hear_all_that_the_broker_would_tell_it(string database)
    {
        await using var site = await WebhookSite.StartAsync(servers, database, direct: true);
        var host = site.Host;
        var opened = Game.Opened();
        var id = opened.RoundId;
        foreach (var said in (object[])[opened, Game.Entered(id, 1, "1", "1"), Game.Closed(id, 2), Game.Drawn(id, (1, "1"), (2, "1"))])
            await host.SendAsync(said);
        await host.UntilAsync(id, Rules.RoundState.Resolved);
        var hold = new PayoutOnHold { PayoutId = Game.Confirmed(id, 1, "1").PayoutId, RoundId = id, Stage = PayoutStage.Build, Code = FailureCode.ContractPaused, Detail = "it is paused" };
        var order = Direct.Requested("refund-17", 3, "2");
        var (holdId, endId) = (Guid.NewGuid(), Guid.NewGuid());
        // What comes twice is told once.
        await host.SendAsync(hold, holdId);
        await host.SendAsync(hold, holdId);
        await host.SendAsync(order);
        await host.SendAsync(Game.Closed(id, 3));
        await host.SendAsync(Game.Confirmed(id, 1, "1"), endId);
        await host.SendAsync(Game.Confirmed(id, 2, "1"));
        await Probe.Until("the refund is ordered", async _ => await host.ReadAsync((db, token) => db.Direct.AnyAsync(token)));
        await host.SendAsync(Game.Confirmed("direct:refund-17", 3, "2") with { Reference = "refund-17" });
        string[] all = ["DirectPayoutOrdered", "GameEventRefused", "PayoutOnHold", "PayoutSettled", "PayoutSettled", "PayoutSettled", "RoundResolved", "RoundSettled"];
        await Probe.Until("everything is told", () => site.Receiver.Received.Count >= all.Length);

        site.Receiver.Received.Select(x => x.Event).Order(StringComparer.Ordinal).ShouldBe(all);
        all.ShouldBe(WebhookEvents.Names.Concat(["PayoutSettled", "PayoutSettled"]).Order(StringComparer.Ordinal));
        Read<PayoutOnHold>(site, $"PayoutOnHold_{holdId}").ShouldBe(hold);
        Read<PayoutSettled>(site, $"PayoutSettled_{endId}").ShouldBe(Game.Confirmed(id, 1, "1"));
        var ofTheRound = site.Receiver.Received.Where(x => x.Text.Contains(id, StringComparison.Ordinal)).Select(x => x.Event).ToList();
        ofTheRound[0].ShouldBe("RoundResolved");
        ofTheRound.LastIndexOf("PayoutSettled").ShouldBeLessThan(ofTheRound.IndexOf("RoundSettled"));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_hear_nothing_of_what_did_not_happen(string database)
    {
        await using var site = await WebhookSite.StartAsync(servers, database);
        await using (var unit = await site.Host.Units.BeginAsync(Cancelled))
        {
            unit.Publish(new RoundSettled { RoundId = "never", Owed = Stroops.Zero, Paid = Stroops.Zero, Payouts = 0 });
            await unit.Db.SaveChangesAsync(Cancelled);
        }

        // Refused in its transaction: nobody is owed that.
        await site.Host.SendAsync(Game.Confirmed("no-such-round", 1, "1"));
        await Probe.Until("the letter is kept", async _ => (await site.Host.LettersAsync()).Count == 1);
        await site.AnotherPump().DrainAsync(Cancelled);

        (await site.DeliveriesAsync()).ShouldBeEmpty();
        site.Receiver.Received.ShouldBeEmpty();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_hear_the_events_that_its_endpoint_asks_for_and_no_others()
    {
        await using var site = await WebhookSite.PrepareAsync(servers, RoundsHost.Sqlite);
        await site.ConfigureAsync(
            WebhookSite.Endpoint(site.Receiver.Url("/all"), "all"), WebhookSite.Endpoint(site.Receiver.Url("/ends"), "ends", secrets: [WebhookSite.NewSecret], events: ["RoundSettled"]));
        site.Host.Clock.Advance(TimeSpan.FromSeconds(2));
        await site.SettleAsync(await site.ResolveAsync());
        await site.DrainAsync();

        site.Receiver.Received.Select(x => $"{x.Path} {x.Event}").Order(StringComparer.Ordinal).ShouldBe(["/all RoundResolved", "/all RoundSettled", "/ends RoundSettled"]);
        // The same event has one id, whoever hears it, and each endpoint its own secret.
        site.Receiver.Received.Where(x => x.Event == "RoundSettled").Select(x => x.Id).Distinct().ShouldHaveSingleItem();
        site.Receiver.Received.Where(x => x.Event == "RoundSettled").Select(x => x.Signature).Distinct().Count().ShouldBe(2);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_write_no_row_where_no_file_is_named()
    {
        await using var host = await RoundsHost.PrepareAsync(servers, RoundsHost.Sqlite);
        await When_payouts_end.ResolveAsync(host, players: 2);
        (await host.ReadAsync((db, token) => db.Webhooks.CountAsync(token))).ShouldBe(0);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_be_told_of_a_refusal_whose_round_no_table_can_store(string database)
    {
        await using var site = await WebhookSite.PrepareAsync(servers, database);
        await site.Host.Units.RunAsync(unit =>
        {
            unit.Publish(new GameEventRefused { RoundId = "a\0" + new string('x', 500), Event = "GameRoundOpened", Code = "RoundIdInvalid", Problems = [] });
            return Task.FromResult(true);
        }, Cancelled);
        await site.DrainAsync();
        (await site.DeliveriesAsync()).ShouldHaveSingleItem().RoundId.Length.ShouldBe(RoundLimits.RoundIdLengthMax);
        JsonSerializer.Deserialize<GameEventRefused>(site.Receiver.Received.ShouldHaveSingleItem().Body, ContractsJson.Options)!.RoundId.Length.ShouldBe(502);
    }

    private static T Read<T>(WebhookSite site, string id) => JsonSerializer.Deserialize<T>(site.Receiver.Received.Single(x => x.Id == id).Body, ContractsJson.Options)!;

    private sealed record OutboxRow(Guid MessageId, string MessageType, byte[] Body);
}
