using System.Net;
using Payouts.Contracts;
using Payouts.Rounds.Doors;
using Payouts.Rounds.Game;
using Payouts.Rounds.Rules;
using Payouts.Rounds.Verifying;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_a_round_is_played_over_http(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_owe_what_was_previewed_and_prove_it(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        using var door = DoorClient.To(host);
        var opened = Game.Opened("table 4/round 9 " + database);
        var (id, path) = (opened.RoundId, $"/rounds/{Uri.EscapeDataString(opened.RoundId)}");
        var first = await door.PostAsync("/rounds", opened);
        (first.Status, first.State, first.Location!.OriginalString).ShouldBe((HttpStatusCode.Created, "OPEN", path));
        // A bare body: the path names the round. What nobody knows is ignored.
        (await door.PostAsync($"{path}/entries", new { entries = Game.Entered(id, 1, "3", "4").Entries, colour = "red" })).State.ShouldBe("OPEN");
        (await door.PostAsync($"{path}/close", new { entryCount = 2 })).State.ShouldBe("CLOSED");
        var draw = Game.Drawn(id, (2, "6.5"));
        var preview = await door.PostAsync($"{path}/draw?preview=true", draw);
        (preview.Json.GetProperty("owed").GetString(), preview.Json.GetProperty("payouts")[0].GetProperty("winner").GetString()).ShouldBe(("6.5000000", Game.Player(2)));
        (await host.RoundAsync(id))!.State.ShouldBe(RoundState.Closed, "a preview changes nothing");
        var hash = preview.Json.GetProperty("resolutionHash").GetString();
        var drawn = await door.PostAsync($"{path}/draw", new { draw.Winners, resolutionHash = hash });
        (drawn.Status, drawn.State).ShouldBe((HttpStatusCode.OK, "RESOLVED"), drawn.Text);

        (await host.PayoutsAsync(id)).Select(x => (x.Winner, x.Amount.ToString())).ShouldBe([(Game.Player(2), "6.5000000")]);
        await host.Heard.FirstAsync<RoundResolved>(x => x.RoundId == id);
        var resolutionHash = (await door.GetAsync($"{path}/verification")).Json.GetProperty("resolution").GetProperty("outcomeHash").GetString();
        resolutionHash.ShouldBe(hash, "what was seen is what was stored");
        (await host.Get<RoundVerifier>().RoundAsync(id, Cancelled))!.Findings.ShouldBeEmpty();
        var trail = (await door.GetAsync($"{path}/trail")).Json.GetProperty("trail");
        trail.EnumerateArray().Select(x => x.GetProperty("reason").GetString()!.Split(':')[0]).Take(4).ShouldBe(
            ["GameRoundOpened over HTTP, key key-1", "GameRoundEntered over HTTP, key key-2", "GameRoundClosed over HTTP, key key-3", "GameRoundDrawn over HTTP, key key-5"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_mix_with_messages()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        using var door = DoorClient.To(host);
        var opened = Game.Opened();
        var id = opened.RoundId;
        // Messages that came too early wait for what comes over HTTP.
        await host.ApplyAsync(Game.Entered(id, 1, "1"), Game.Closed(id, 2), Game.Drawn(id, (1, "3")));
        (await host.ParkedAsync()).ShouldBe(3);
        (await door.PostAsync("/rounds", opened)).Status.ShouldBe(HttpStatusCode.Created);
        (await host.ParkedAsync()).ShouldBe(2);
        (await door.PostAsync($"/rounds/{id}/entries", Game.Entered(id, 2, "2"))).State.ShouldBe("RESOLVED");
        (await host.PayoutsAsync(id)).ShouldHaveSingleItem().Amount.ShouldBe(Stroops.Parse("3"));
        // And what was said in one way is a repeat in the other.
        await host.ApplyAsync(opened, Game.Entered(id, 2, "2"));
        (await door.PostAsync($"/rounds/{id}/close", Game.Closed(id, 2))).State.ShouldBe("RESOLVED");
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_refuse_what_is_out_of_order_and_park_nothing(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        using var door = DoorClient.To(host);
        var opened = Game.Opened();
        var id = opened.RoundId;
        foreach (var (path, body) in new (string, object)[]
        {
            ("entries", Game.Entered(id, 1, "1")), ("close", Game.Closed(id, 0)), ("draw?preview=true", Game.Drawn(id)), ("cancel", new { by = "ann", reason = "why" }),
        })
            (await door.PostAsync($"/rounds/{id}/{path}", body)).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.RoundUnknown));
        (await door.PostAsync("/rounds", opened)).Status.ShouldBe(HttpStatusCode.Created);
        (await door.PostAsync($"/rounds/{id}/draw?preview=true", Game.Drawn(id))).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.RoundNotClosed));
        (await door.PostAsync($"/rounds/{id}/draw", new { winners = Array.Empty<object>(), resolutionHash = "0" })).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.RoundNotClosed));
        // The same key again, when it is time: what was refused used up nothing.
        (await door.PostAsync($"/rounds/{id}/close", Game.Closed(id, 1), "closing")).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.EntriesOutstanding));
        (await door.PostAsync($"/rounds/{id}/entries", Game.Entered(id, 1, "1"))).Status.ShouldBe(HttpStatusCode.OK);
        (await door.PostAsync($"/rounds/{id}/close", Game.Closed(id, 1), "closing")).State.ShouldBe("CLOSED");
        (await door.PostAsync($"/rounds/{id}/entries", Game.Entered(id, 2, "1"))).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.RoundAlreadyClosed));
        (await door.PostAsync("/rounds", opened with { Currency = "USDC" })).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.RoundConflict));
        (await door.PostAsync("/rounds", opened with { RoundId = "other" })).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.KeyUsed));
        (await door.PostAsync($"/rounds/{id}/close", Game.Closed("other", 1))).ShouldBeRefused(HttpStatusCode.BadRequest, nameof(DoorCode.RoundIdDiffers));
        (await host.ParkedAsync()).ShouldBe(0);
        (await host.LettersAsync()).ShouldBeEmpty();
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_cancel_for_a_reason_once(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        using var door = DoorClient.To(host);
        var id = await door.CloseRoundAsync(2);
        (await door.PostAsync($"/rounds/{id}/cancel", new { by = "ann" })).ShouldBeRefused(HttpStatusCode.BadRequest, nameof(DoorCode.ReasonInvalid));
        (await door.PostAsync($"/rounds/{id}/cancel", new { by = "ann", reason = new string('x', RoundsOptions.ReasonLengthMax + 1) })).ShouldBeRefused(HttpStatusCode.BadRequest, nameof(DoorCode.ReasonInvalid));
        (await door.PostAsync($"/rounds/{id}/cancel", new { reason = "no oracle" })).ShouldBeRefused(HttpStatusCode.BadRequest, nameof(DoorCode.CallerInvalid));
        (await door.PostAsync($"/rounds/{id}/cancel", new { by = "ann", reason = "no oracle" })).State.ShouldBe("CANCELLED");
        (await door.PostAsync($"/rounds/{id}/cancel", new { by = "bob", reason = "me too" })).Json.GetProperty("round").GetProperty("cancelledBy").GetString().ShouldBe("ann");
        (await host.PayoutsAsync(id)).Sum(x => long.Parse(x.Amount.ToString().Split('.')[0], System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(3);
        (await door.PostAsync($"/rounds/{id}/draw?preview=true", Game.Drawn(id))).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.RoundCancelled));
    }

    [Fact]
    public void Should_have_a_status_for_every_code()
    {
        foreach (var code in Enum.GetValues<RefusalCode>())
            DoorAnswers.StatusOf(code).ShouldBeOneOf(400, 409);
        foreach (var code in Enum.GetValues<DoorCode>())
            DoorAnswers.StatusOf(code).ShouldBeInRange(400, 422);
    }

    [Fact]
    public void Should_take_the_members_of_the_messages()
    {
        static IEnumerable<(string, Type)> Members(Type type) => type.GetProperties().Where(x => x.Name != "RoundId").Select(x => (x.Name, x.PropertyType));
        Members(typeof(EntriesBody)).ShouldBe(Members(typeof(GameRoundEntered)), ignoreOrder: true);
        Members(typeof(ClosingBody)).ShouldBe(Members(typeof(GameRoundClosed)), ignoreOrder: true);
        Members(typeof(DrawBody)).Except(Members(typeof(GameRoundDrawn))).ShouldBe([("ResolutionHash", typeof(string))]);
        Members(typeof(GameRoundDrawn)).Except(Members(typeof(DrawBody))).ShouldBeEmpty();
    }
}
