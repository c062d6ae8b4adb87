using Microsoft.EntityFrameworkCore;
using Payouts.Contracts;
using Payouts.Rounds.Policies;
using Payouts.Rounds.Rules;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

public sealed class When_events_come_out_of_order(Servers servers)
{
    [Theory(Timeout = 120_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_wait_for_each_other_from_the_last_to_the_first(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        var opened = Game.Opened();
        var id = opened.RoundId;
        object[] backwards = [Game.DrawnByWeight(id, "1", (1, 1), (3, 2)), Game.Closed(id, 3), Game.Entered(id, 3, "2"), Game.Entered(id, 1, "1", "1")];
        for (var i = 0; i < backwards.Length; i++)
        {
            await host.SendAsync(backwards[i]);
            var waiting = i + 1;
            await Probe.Until("the event waits", async _ => await host.ParkedAsync() == waiting);
        }

        (await host.RoundAsync(id)).ShouldBeNull();
        await host.SendAsync(opened);

        var resolved = await host.Heard.FirstAsync<RoundResolved>(x => x.RoundId == id);
        resolved.Owed.ShouldBe(Stroops.Parse("5"));
        resolved.Payouts.Count.ShouldBe(2);
        (await host.ParkedAsync()).ShouldBe(0);
        (await host.LettersAsync()).ShouldBeEmpty();
    }

    /// <summary>Any order, any grouping into transactions, any repeats: the round ends as if the game had told it in order.</summary>
    [Theory(Timeout = 180_000)]
    [InlineData(RoundsHost.Sqlite, 1)]
    [InlineData(RoundsHost.Sqlite, 2)]
    [InlineData(RoundsHost.Postgres, 3)]
    [InlineData(RoundsHost.Postgres, 4)]
    public async Task Should_end_the_same_in_any_order(string database, int seed)
    {
        await using var host = await RoundsHost.PrepareAsync(servers, database);
        var random = new Random(seed);
        var rounds = Enumerable.Range(0, 40).Select(_ => RandomRound.Make(random)).ToList();
        var events = rounds.SelectMany(round => round.Events).ToList();
        events.AddRange(events.Where(_ => random.Next(3) == 0).ToList());
        var shuffled = events.ToArray();
        random.Shuffle(shuffled);
        for (var at = 0; at < shuffled.Length;)
        {
            var group = shuffled[at..Math.Min(shuffled.Length, at + random.Next(1, 30))];
            await host.ApplyAsync(group);
            at += group.Length;
        }

        (await host.ParkedAsync()).ShouldBe(0, $"seed {seed}");
        (await host.LettersAsync()).ShouldBeEmpty($"seed {seed}");
        var announced = await host.OutboxAsync<RoundResolved>();
        foreach (var round in rounds)
        {
            var expected = new ReportedPolicy().Resolve(Rounds.Game.GameEventReader.Read(round.Drawn), round.Stakes.ToDictionary(x => x.Key, x => new Bet(x.Value))).Resolution!;
            announced.Where(x => x.RoundId == round.Id).ShouldHaveSingleItem($"seed {seed}").Payouts.ShouldBe(expected.Payouts);
            (await host.PayoutsAsync(round.Id)).Select(x => (x.Winner, x.Amount)).ShouldBe(expected.Payouts.Select(x => (x.Winner, x.Amount)), $"seed {seed}");
            (await host.RoundAsync(round.Id))!.State.ShouldBe(expected.Payouts.Count == 0 ? RoundState.Settled : RoundState.Resolved);
        }
    }

    [Theory(Timeout = 180_000)]
    [InlineData(RoundsHost.Sqlite)]
    [InlineData(RoundsHost.Postgres)]
    public async Task Should_end_the_same_when_all_come_at_once(string database)
    {
        await using var host = await RoundsHost.StartAsync(servers, database);
        var random = new Random(7);
        var rounds = Enumerable.Range(0, 60).Select(_ => RandomRound.Make(random)).ToList();
        var sends = rounds.SelectMany(round => round.Events).SelectMany(contract =>
        {
            // A third is delivered twice under one message id, another third is said twice under two.
            var id = Guid.NewGuid();
            return random.Next(3) switch { 0 => [(contract, id), (contract, id)], 1 => [(contract, id), (contract, Guid.NewGuid())], _ => new[] { (contract, Id: id) } };
        }).ToArray();
        random.Shuffle(sends);
        await Task.WhenAll(sends.Select(x => host.SendAsync(x.contract, x.Id)));

        await Probe.Until("every round is resolved", _ => host.ReadAsync((db, token) => db.Rounds.CountAsync(x => x.ResolvedAt != null, token)), count => count == rounds.Count);
        foreach (var round in rounds)
            await host.Heard.FirstAsync<RoundResolved>(x => x.RoundId == round.Id);
        (await host.ParkedAsync()).ShouldBe(0);
        (await host.LettersAsync()).ShouldBeEmpty();
        rounds.ShouldAllBe(round => host.Heard.Of<RoundResolved>(x => x.RoundId == round.Id).Count == 1);
    }
}

/// <summary>A round of up to eight players, told in up to three messages of entries.</summary>
internal sealed record RandomRound(string Id, IReadOnlyList<object> Events, GameRoundDrawn Drawn, Dictionary<string, Stroops> Stakes)
{
    public static RandomRound Make(Random random)
    {
        var opened = Game.Opened();
        var stakes = Enumerable.Range(0, random.Next(9)).Select(_ => new Stroops(random.Next(4) == 0 ? 0 : random.NextInt64(1, 1_000_000_000))).ToList();
        var events = new List<object> { opened, Game.Closed(opened.RoundId, stakes.Count) };
        for (var first = 0; first < stakes.Count;)
        {
            var some = stakes.Skip(first).Take(random.Next(1, 4)).Select(x => x.ToString()).ToArray();
            events.Add(Game.Entered(opened.RoundId, first + 1, some));
            first += some.Length;
        }

        var winners = Enumerable.Range(1, stakes.Count).Where(_ => random.Next(2) == 0).ToList();
        var drawn = random.Next(2) == 0
            ? Game.DrawnByWeight(opened.RoundId, "0.0000005", [.. winners.Select(player => (player, random.NextInt64(1, 10)))])
            : Game.Drawn(opened.RoundId, [.. winners.Where(player => stakes[player - 1].IsPositive).Select(player => (player, stakes[player - 1].ToString()))]);
        events.Add(drawn);
        return new RandomRound(opened.RoundId, events, drawn, stakes.Select((stake, i) => (Player: Game.Player(i + 1), stake)).ToDictionary(x => x.Player, x => x.stake));
    }
}
