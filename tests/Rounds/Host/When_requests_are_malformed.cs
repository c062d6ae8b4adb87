using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Payouts.Contracts;
using Payouts.Rounds.Doors;
using Payouts.Rounds.Game;
using Payouts.Tests.Support;
using static Payouts.Rounds.Tests.Host.Malformed;

namespace Payouts.Rounds.Tests.Host;

/// <summary>Every field of every body, with everything that it is not: a named 4xx each time, and the valid request behind it is taken.</summary>
public sealed class When_requests_are_malformed(Servers servers)
{
    private static readonly HashSet<string> Codes = [.. Enum.GetNames<RefusalCode>(), .. Enum.GetNames<DoorCode>()];

    [Theory(Timeout = 240_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_name_what_is_wrong_and_take_the_valid_request_behind_it(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        using var door = DoorClient.To(host);
        var (refused, taken) = (0, 0);
        foreach (var kind in new[] { "open", "entries", "close", "draw", "cancel" })
        {
            var (path, valid) = await NextAsync(door, kind);
            foreach (var field in Fields(valid, ""))
            {
                foreach (var value in Values)
                {
                    var reply = await door.PostTextAsync(path, With(valid, field, value));
                    if ((int)reply.Status is >= 200 and < 300)
                    {
                        // Some values are right in some places, such as a bidirectional mark in a name.
                        taken++;
                        (path, valid) = await NextAsync(door, kind);
                        continue;
                    }

                    refused++;
                    ((int)reply.Status).ShouldBeInRange(400, 499, $"{kind} {field} = {Short(value)}: {reply.Text}");
                    reply.MediaType.ShouldBe("application/problem+json", $"{kind} {field} = {Short(value)}");
                    Codes.ShouldContain(reply.Code!, $"{kind} {field} = {Short(value)}: {reply.Text}");
                }

                var after = await door.PostTextAsync(path, valid.ToJsonString());
                ((int)after.Status).ShouldBeInRange(200, 201, $"the valid {kind} after {field}: {after.Text}");
                (path, valid) = await NextAsync(door, kind);
            }
        }

        (refused, taken).ShouldSatisfyAllConditions(() => refused.ShouldBeGreaterThan(400), () => taken.ShouldBeLessThan(refused / 4));
        TestContext.Current.TestOutputHelper!.WriteLine($"{database}: {refused} refused, {taken} taken");
        (await host.LettersAsync()).ShouldBeEmpty();
        (await host.ParkedAsync()).ShouldBe(0);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_name_what_is_wrong_with_a_whole_body_or_path(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        using var door = DoorClient.To(host);
        var id = await door.CloseRoundAsync(1);
        foreach (var body in new[] { "", "null", "1", "\"text\"", "[]", "{", "{}x", "{\"\\ud800\":1}", "{\"roundId\":\"a\",\"roundId\":\"b\"}", new string('{', 10_000), "\uFEFF{}" })
        {
            foreach (var path in new[] { "/rounds", $"/rounds/{id}/entries", $"/rounds/{id}/close", $"/rounds/{id}/draw", $"/rounds/{id}/draw?preview=true", $"/rounds/{id}/cancel" })
            {
                var reply = await door.PostTextAsync(path, body);
                ((int)reply.Status).ShouldBeInRange(400, 499, $"{path} {Short(body)}: {reply.Text}");
                Codes.ShouldContain(reply.Code!, $"{path} {Short(body)}: {reply.Text}");
            }
        }

        foreach (var name in new[] { "%20", "%0A", new string('x', 101), "%ED%A0%80%01", "%25%30%30%01" })
        {
            var reply = await door.PostAsync($"/rounds/{name}/close", new { entryCount = 0 });
            reply.ShouldBeRefused(HttpStatusCode.BadRequest, nameof(RefusalCode.RoundIdInvalid));
            (await door.PostAsync($"/rounds/{name}/cancel", new { by = "ann", reason = "why" })).ShouldBeRefused(HttpStatusCode.BadRequest, nameof(RefusalCode.RoundIdInvalid));
            (await door.GetAsync($"/rounds/{name}")).ShouldBeRefused(HttpStatusCode.NotFound, nameof(DoorCode.RoundNotFound));
        }

        // The server itself refuses this one, before any route.
        ((int)(await door.PostAsync("/rounds/a%00b/close", new { entryCount = 0 })).Status).ShouldBeInRange(400, 499);
        (await door.PreviewedAsync(Game.Drawn(id, (1, "1"))))["resolutionHash"].ShouldNotBeNull("the round is as it was");
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_take_a_body_of_4_MiB_and_refuse_a_larger_one()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        using var door = DoorClient.To(host);
        var opened = Game.Opened();
        await door.PostAsync("/rounds", opened);
        var path = $"/rounds/{opened.RoundId}";
        var stakes = Enumerable.Repeat("1", RoundsOptions.EntriesPerRoundMax).ToArray();
        var entries = Padded(Game.Entered(opened.RoundId, 1, stakes), RoundDoors.BodyBytesMax);
        (await door.PostTextAsync($"{path}/entries", entries + " ", asksFirst: true)).ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, nameof(DoorCode.BodyTooLarge));
        (await door.PostTextAsync($"{path}/entries", entries)).Json.GetProperty("round").GetProperty("entries").GetInt32().ShouldBe(RoundsOptions.EntriesPerRoundMax);
        var closing = Padded(Game.Closed(opened.RoundId, RoundsOptions.EntriesPerRoundMax), RoundDoors.ShortBodyBytesMax);
        (await door.PostTextAsync($"{path}/close", closing + " ", asksFirst: true)).ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, nameof(DoorCode.BodyTooLarge));
        (await door.PostTextAsync($"{path}/close", closing)).State.ShouldBe("CLOSED");
        (await door.PostTextAsync("/rounds", Padded(Game.Opened(), RoundDoors.ShortBodyBytesMax) + " ", asksFirst: true)).ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, nameof(DoorCode.BodyTooLarge));
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_take_the_next_request_after_one_that_ends_early()
    {
        await using var host = await RoundsHost.StartAsync(servers, RoundsHost.Sqlite);
        using var door = DoorClient.To(host);
        var address = door.Http.BaseAddress!;
        using (var socket = new TcpClient(address.Host, address.Port))
        {
            await using var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /rounds HTTP/1.1\r\nHost: x\r\nIdempotency-Key: k\r\nContent-Length: 100\r\n\r\n{\"roundId\":"), TestContext.Current.CancellationToken);
        }

        (await door.PostAsync("/rounds", Game.Opened())).Status.ShouldBe(HttpStatusCode.Created);
    }

    /// <summary>A path and a body that would be taken.</summary>
    private static async Task<(string Path, JsonObject Body)> NextAsync(DoorClient door, string kind)
    {
        if (kind == "open")
            return ("/rounds", Node(Game.Opened()));
        if (kind is "draw")
        {
            var closed = await door.CloseRoundAsync(2);
            var draw = await door.PreviewedAsync(Game.Drawn(closed, (1, "1"), (2, "1")) with { Yield = "1", Policy = "reported", Seed = "seed" });
            return ($"/rounds/{closed}/draw", draw);
        }

        var opened = Game.Opened();
        await door.PostAsync("/rounds", opened);
        var id = opened.RoundId;
        var entered = Game.Entered(id, 1, "1", "2");
        return kind switch
        {
            "entries" => ($"/rounds/{id}/entries", Node(entered with { Entries = [entered.Entries[0] with { Choice = "HIGH" }, entered.Entries[1]] })),
            "close" => ($"/rounds/{id}/close", Node(Game.Closed(id, 0))),
            _ => ($"/rounds/{id}/cancel", Node(new { by = "ann", reason = "why" })),
        };
    }

    private static string Padded(object body, int bytes)
    {
        var json = JsonSerializer.Serialize(body, ContractsJson.Options);
        return json + new string(' ', bytes - Encoding.UTF8.GetByteCount(json));
    }
}
