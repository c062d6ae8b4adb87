using System.Net;
using Payouts.Rounds.Doors;
using Payouts.Rounds.Game;
using Payouts.Rounds.Rules;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_a_draw_is_previewed(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_take_the_draw_that_was_seen_and_no_other(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        using var door = DoorClient.To(host);
        var id = await door.CloseRoundAsync(3);
        var seen = await door.PreviewedAsync(Game.Drawn(id, (1, "6")));
        var hash = seen["resolutionHash"]!.GetValue<string>();
        (await door.PostAsync($"/rounds/{id}/draw", Game.Drawn(id, (1, "6")))).ShouldBeRefused(HttpStatusCode.BadRequest, nameof(DoorCode.ResolutionHashMissing));
        foreach (var (winners, hashSent) in new[] { (Game.Drawn(id, (1, "5")).Winners, hash), (Game.Drawn(id, (2, "6")).Winners, hash), (Game.Drawn(id, (1, "6")).Winners, new string('0', 64)) })
            (await door.PostAsync($"/rounds/{id}/draw", new { winners, resolutionHash = hashSent })).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.ResolutionDiffers));
        (await host.RoundAsync(id))!.State.ShouldBe(RoundState.Closed);
        (await door.PostTextAsync($"/rounds/{id}/draw", seen.ToJsonString())).State.ShouldBe("RESOLVED");

        // It resolves once: the hash serves for a repeat of the same draw alone.
        (await door.PostTextAsync($"/rounds/{id}/draw", seen.ToJsonString())).State.ShouldBe("RESOLVED");
        (await door.PostAsync($"/rounds/{id}/draw", new { winners = Game.Drawn(id, (1, "6")).Winners, resolutionHash = new string('0', 64) })).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.ResolutionDiffers));
        (await door.PostAsync($"/rounds/{id}/draw", new { winners = Game.Drawn(id, (2, "6")).Winners, resolutionHash = hash })).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.RoundConflict));
        (await door.PostAsync($"/rounds/{id}/draw?preview=true", Game.Drawn(id, (1, "6")))).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.RoundConflict));
        (await host.PayoutsAsync(id)).ShouldHaveSingleItem();
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_differ_for_the_same_winners_of_another_round()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        using var door = DoorClient.To(host);
        var (one, other) = (await door.CloseRoundAsync(2), await door.CloseRoundAsync(2));
        var seen = await door.PreviewedAsync(Game.Drawn(one, (1, "3")));
        seen["roundId"] = other;
        (await door.PostTextAsync($"/rounds/{other}/draw", seen.ToJsonString())).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.ResolutionDiffers));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_show_who_is_out_and_refuse_what_the_draw_would_be_refused_for()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        using var door = DoorClient.To(host);
        var id = await door.CloseRoundAsync(2);
        var preview = await door.PostAsync($"/rounds/{id}/draw?preview=true", new { winners = Array.Empty<object>(), policy = "minority-wins", seed = "abc" });
        (preview.Status, preview.Json.GetProperty("policy").GetString()).ShouldBe((HttpStatusCode.OK, "minority-wins v1"), preview.Text);
        (await door.PostAsync($"/rounds/{id}/draw?preview=true", Game.Drawn(id, (9, "1")))).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.WinnerNotInRound));
        (await door.PostAsync($"/rounds/{id}/draw?preview=true", Game.Drawn(id, (1, "4")))).ShouldBeRefused(HttpStatusCode.Conflict, nameof(RefusalCode.OwedAbovePool));
        (await door.PostAsync($"/rounds/{id}/draw?preview=maybe", Game.Drawn(id, (1, "3")))).ShouldBeRefused(HttpStatusCode.BadRequest, nameof(DoorCode.QueryInvalid));
    }
}
