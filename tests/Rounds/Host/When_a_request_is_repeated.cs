using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Contracts;
using Payouts.Hosting.Retention;
using Payouts.Hosting.Web;
using Payouts.Rounds.Doors;
using Payouts.Rounds.Storage;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_a_request_is_repeated(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_answer_the_same_under_the_same_key_and_refuse_another_body(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        using var door = DoorClient.To(host);
        var opened = Game.Opened();
        var id = opened.RoundId;
        var first = await door.PostAsync("/rounds", opened, "one");
        await door.PostAsync($"/rounds/{id}/entries", Game.Entered(id, 1, "5"), "two");
        var again = await door.PostAsync("/rounds", opened, "one");
        (again.Status, again.Text, again.Location).ShouldBe((first.Status, first.Text, first.Location), "although the round has an entry by now");
        (await door.PostAsync("/rounds", opened with { RoundId = "another" }, "one")).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, nameof(DoorCode.IdempotencyKeyReused));
        (await door.PostAsync($"/rounds/{id}/close", Game.Entered(id, 1, "5"), "two")).Status.ShouldBe(HttpStatusCode.BadRequest, "that is no closing");
        (await door.PostAsync($"/rounds/{id}/close", Game.Closed(id, 1), "two")).ShouldBeRefused(HttpStatusCode.UnprocessableEntity, nameof(DoorCode.IdempotencyKeyReused));
        (await host.RoundAsync(id))!.Entries.ShouldBe(1);
        // Under a new key the content tells: a repeat of the round, not a second one.
        var renamed = await door.PostAsync("/rounds", opened, "three");
        (renamed.Status, renamed.Json.GetProperty("round").GetProperty("entries").GetInt32()).ShouldBe((HttpStatusCode.OK, 1));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_draw_once_when_twenty_draw_at_once(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        using var door = DoorClient.To(host);
        var id = await door.CloseRoundAsync(3);
        var draw = await door.PreviewedAsync(Game.Drawn(id, (1, "6")));
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => door.PostTextAsync($"/rounds/{id}/draw", draw.ToJsonString(), i % 2 == 0 ? "same" : null)));
        replies.Select(x => (x.Status, x.State)).Distinct().ShouldBe([(HttpStatusCode.OK, "RESOLVED")]);
        (await host.PayoutsAsync(id)).ShouldHaveSingleItem();
        (await door.GetAsync($"/rounds/{id}/trail")).Json.GetProperty("trail").EnumerateArray().Count(x => x.GetProperty("action").GetString() == "Resolved").ShouldBe(1);
        (await KeysAsync(host)).Count(x => x == "same").ShouldBe(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_open_one_of_many_rounds_with_one_key_of_the_contract()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Postgres);
        using var door = DoorClient.To(host);
        var opened = Game.Opened();
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => door.PostAsync("/rounds", opened with { RoundId = $"{opened.RoundId}-{i}" })));
        replies.Count(x => x.Status == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in replies.Where(x => x.Status != HttpStatusCode.Created))
            refused.ShouldBeRefused(HttpStatusCode.Conflict, "KeyUsed");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("", nameof(DoorCode.IdempotencyKeyMissing))]
    [InlineData("two words", nameof(DoorCode.IdempotencyKeyInvalid))]
    [InlineData("x101", nameof(DoorCode.IdempotencyKeyInvalid))]
    [InlineData("x100", null)]
    public async Task Should_need_a_key_of_1_to_100_characters(string key, string? code)
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        using var door = DoorClient.To(host);
        key = key.StartsWith('x') ? new string('x', int.Parse(key[1..], System.Globalization.CultureInfo.InvariantCulture)) : key;
        var opened = Game.Opened();
        foreach (var (path, body) in new (string, object)[]
        {
            ("/rounds", opened), ("/rounds/a/entries", Game.Entered("a", 1, "1")), ("/rounds/a/close", Game.Closed("a", 0)), ("/rounds/a/draw", Game.Drawn("a")), ("/rounds/a/cancel", new { reason = "r" }),
        })
        {
            var reply = await door.PostAsync(path, body, key);
            if (code is not null)
                reply.ShouldBeRefused(HttpStatusCode.BadRequest, code);
            else
                reply.Code.ShouldNotBe(nameof(DoorCode.IdempotencyKeyInvalid));
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_forget_keys_at_the_bound_and_still_know_the_repeat(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        using var door = DoorClient.To(host);
        var opened = Game.Opened();
        await door.PostAsync("/rounds", opened, "old");
        var loop = new RetentionLoop<RoundsDbContext>(host.Units, RoundsRetention.Rules, new RetentionOptions(TimeSpan.FromDays(400)), host.Clock, NullLogger<RetentionLoop<RoundsDbContext>>.Instance);
        host.Clock.Advance(TimeSpan.FromDays(400));
        await loop.ForgetAsync(Cancelled);
        (await KeysAsync(host)).ShouldBe(["old"], "the bound itself is kept");
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await loop.ForgetAsync(Cancelled);
        (await KeysAsync(host)).ShouldBeEmpty();
        (await door.PostAsync("/rounds", opened, "old")).Status.ShouldBe(HttpStatusCode.OK, "the content is a repeat, with or without its key");
    }

    private static Task<List<string>> KeysAsync(RoundsHost host) => host.ReadAsync((db, token) => db.Set<IdempotencyKey>().Select(x => x.Key).ToListAsync(token));
}
