using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Rules;
using Payouts.Tests.Support;
using RabbitMQ.Client;
using static Payouts.Rounds.Tests.Host.Malformed;

namespace Payouts.Rounds.Tests.Host;

/// <summary>Every field of every message of the game, with everything that it is not, on a real broker: each is kept as a letter under a named code, and the valid message behind it is taken.</summary>
public sealed class When_messages_are_malformed(Servers servers)
{
    private static readonly string[] Contracts = [nameof(GameRoundOpened), nameof(GameRoundEntered), nameof(GameRoundClosed), nameof(GameRoundDrawn), nameof(DirectPayoutRequested)];

    private static readonly HashSet<string> Codes = [.. Enum.GetNames<RefusalCode>(), "BodyUnreadable"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = 300_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_keep_each_under_a_named_code_and_take_the_valid_one_behind_it(string database)
    {
        var broker = await servers.CreateVirtualHostAsync("rounds", Cancelled);
        await using var host = await RoundsHost.StartAsync(servers, database, broker.Url, direct: true);
        await using var connection = await broker.ConnectAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), Cancelled);
        var (bad, good) = (new List<Sent>(), new List<Sent>());
        foreach (var contract in Contracts)
        {
            foreach (var field in Fields(Valid(contract, "r"), ""))
            {
                // Two rounds for each value, in the state that the message needs.
                var rounds = await PrepareAsync(host, contract, 2 * Values.Length);
                for (var i = 0; i < Values.Length; i++)
                {
                    bad.Add(await PublishAsync(channel, contract, field, With(Valid(contract, rounds[2 * i]), field, Values[i]), rounds[2 * i]));
                    good.Add(await PublishAsync(channel, contract, field, Valid(contract, rounds[(2 * i) + 1]).ToJsonString(), rounds[(2 * i) + 1]));
                }
            }
        }

        await Probe.Until("every message has come to its end", async _ => await UnansweredAsync(host, [.. bad, .. good]), open => open.Count == 0, TimeSpan.FromSeconds(180), TimeSpan.FromMilliseconds(500), Cancelled);
        // What names a round that nobody opened is right in itself, and waits in vain.
        await Probe.Until("nothing waits any more", async _ =>
        {
            host.Clock.Advance(new RoundsOptions().SweepInterval);
            return await host.ParkedAsync();
        }, waiting => waiting == 0, TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(20), Cancelled);

        var letters = (await host.LettersAsync()).ToLookup(letter => letter.MessageId);
        foreach (var sent in bad)
            letters[sent.MessageId].ShouldAllBe(letter => Codes.Contains(letter.Reason) && letter.Queue == QueueOf(sent.Contract), $"{sent}: {string.Join("; ", letters[sent.MessageId].Select(x => $"{x.Reason}: {x.Detail}"))}");
        good.Where(sent => letters.Contains(sent.MessageId)).ShouldBeEmpty();
        await ShouldBeTakenAsync(host, good);
        var (kept, taken) = (bad.Count(sent => letters.Contains(sent.MessageId)), bad.Count(sent => !letters.Contains(sent.MessageId)));
        TestContext.Current.TestOutputHelper!.WriteLine($"{database}: {kept} kept, {taken} taken, {good.Count} valid ones behind them taken; {string.Join(", ", bad.SelectMany(x => letters[x.MessageId]).GroupBy(x => x.Reason).Select(x => $"{x.Key} {x.Count()}"))}");
        (kept, taken).ShouldSatisfyAllConditions(() => kept.ShouldBeGreaterThan(500), () => taken.ShouldBeLessThan(kept / 4));
    }

    private static string QueueOf(string contract) => $"rounds.{MassTransit.KebabCaseEndpointNameFormatter.Instance.SanitizeName(contract)}";

    private static JsonObject Valid(string contract, string roundId) => contract switch
    {
        nameof(GameRoundOpened) => Node(Game.Opened(roundId)),
        nameof(GameRoundEntered) => Node(Game.Entered(roundId, 1, "1", "2") is var entered ? entered with { Entries = [entered.Entries[0] with { Choice = "HIGH" }, entered.Entries[1]] } : null!),
        nameof(GameRoundClosed) => Node(Game.Closed(roundId, 2)),
        nameof(GameRoundDrawn) => Node(Game.Drawn(roundId, (1, "1"), (2, "1")) with { Yield = "1", Policy = "reported", Seed = "seed" }),
        _ => Node(Direct.Requested(roundId, 1, "2.5")),
    };

    /// <summary>Names for so many messages, each of a round in the state that it needs.</summary>
    private static async Task<List<string>> PrepareAsync(RoundsHost host, string contract, int count)
    {
        var opened = Enumerable.Range(0, count).Select(_ => Game.Opened()).ToList();
        if (contract is nameof(GameRoundEntered) or nameof(GameRoundClosed) or nameof(GameRoundDrawn))
        {
            var events = new List<object>(opened);
            if (contract is not nameof(GameRoundEntered))
                events.AddRange(opened.Select(round => Game.Entered(round.RoundId, 1, "1", "2")));
            if (contract is nameof(GameRoundDrawn))
                events.AddRange(opened.Select(round => Game.Closed(round.RoundId, 2)));
            await host.ApplyAsync(events);
        }

        return opened.ConvertAll(round => round.RoundId);
    }

    private static async Task<Sent> PublishAsync(IChannel channel, string contract, string field, string json, string round)
    {
        var messageId = Guid.NewGuid();
        var properties = new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent, MessageId = messageId.ToString() };
        await channel.BasicPublishAsync($"Payouts.Contracts:{contract}", "", mandatory: true, properties, Encoding.UTF8.GetBytes(json), Cancelled);
        return new Sent(messageId, contract, field, round, Short(json));
    }

    /// <summary>Neither handled nor kept as a letter.</summary>
    private static async Task<List<Sent>> UnansweredAsync(RoundsHost host, List<Sent> sent)
    {
        var handled = await host.ReadAsync(async (db, token) => await db.Database.SqlQueryRaw<Guid>("select message_id as \"Value\" from inbox").ToListAsync(token));
        var kept = (await host.LettersAsync()).Select(letter => letter.MessageId ?? Guid.Empty);
        var known = handled.Concat(kept).ToHashSet();
        return [.. sent.Where(x => !known.Contains(x.MessageId))];
    }

    private static async Task ShouldBeTakenAsync(RoundsHost host, List<Sent> good)
    {
        var rounds = (await host.ReadAsync((db, token) => db.Rounds.AsNoTracking().ToListAsync(token))).ToDictionary(round => round.Id);
        var direct = (await host.ReadAsync((db, token) => db.Direct.AsNoTracking().ToListAsync(token))).Select(payout => payout.Reference).ToHashSet();
        foreach (var sent in good)
        {
            var round = rounds.GetValueOrDefault(sent.Round);
            (sent.Contract switch
            {
                nameof(GameRoundOpened) => round?.State == RoundState.Open,
                nameof(GameRoundEntered) => round?.Entries == 2,
                nameof(GameRoundClosed) => round?.State == RoundState.Closed,
                nameof(GameRoundDrawn) => round?.State == RoundState.Resolved,
                _ => direct.Contains(sent.Round),
            }).ShouldBeTrue($"the valid message behind {sent}");
        }
    }

    private sealed record Sent(Guid MessageId, string Contract, string Field, string Round, string Body);
}
