using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Payouts.Rounds.Storage;
using Payouts.Rounds.Trail;
using Payouts.Rounds.Verifying;
using Payouts.Tests.Support;

namespace Payouts.Rounds.Tests.Host;

/// <summary>Two processes of the service on one PostgreSQL, both with the loop that every process has.</summary>
public sealed class When_replicas_make_checkpoints(Servers servers)
{
    private const int Rounds = 120;
    private const int TrailsMax = 7;
    private const string Bare = "select count(*) as \"Value\" from rounds where checkpointed <> trail_count";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Should_leave_one_chain_without_a_gap_and_nothing_twice()
    {
        var url = (await servers.CreateDatabaseAsync("rounds", Cancelled)).Url;
        await using var one = await ReplicaAsync(url);
        await using var two = await ReplicaAsync(url);
        var grown = Task.WhenAll(GrowAsync(one), GrowAsync(two));
        var made = await Task.WhenAll(new[] { one, two, one, two }.Select(host => Task.Run(() => FollowAsync(host, grown))));
        await grown;
        (await FollowAsync(one, grown)).ShouldBe(0, "nothing is left behind");

        made.Sum().ShouldBeGreaterThan(2 * Rounds / TrailsMax);
        var report = await two.Get<RoundVerifier>().AllAsync(null, Cancelled);
        report.Findings.ShouldBeEmpty();
        (report.Rounds, report.Checkpoints).ShouldBe((2 * Rounds, made.Sum()));
        (await CountAsync(one, "select max(seq) as \"Value\" from trail_checkpoints")).ShouldBe(made.Sum(), "numbers follow each other");
        (await CountAsync(one, "select count(*) - count(distinct (round_id, trail_seq)) as \"Value\" from trail_checkpoint_heads")).ShouldBe(0, "no end of a trail is under two checkpoints");
        (await CountAsync(one, Bare)).ShouldBe(0);
    }

    [Fact(Timeout = 120_000)]
    public async Task Should_leave_it_to_the_one_that_is_at_it()
    {
        var url = (await servers.CreateDatabaseAsync("rounds", Cancelled)).Url;
        await using var one = await ReplicaAsync(url);
        await using var two = await ReplicaAsync(url);
        await one.ApplyAsync(Game.Opened());
        await using (var busy = await one.Units.BeginAsync(Cancelled))
        {
            (await one.Get<IRoundsSql>().TryLockCheckpointsAsync(busy.Transaction, Cancelled)).ShouldBeTrue();
            (await two.Get<RoundCheckpoints>().CheckpointAsync(Cancelled)).ShouldBe(0);
        }

        (await two.Get<RoundCheckpoints>().CheckpointAsync(Cancelled)).ShouldBe(1);
    }

    private Task<RoundsHost> ReplicaAsync(string url) =>
        RoundsHost.PrepareAsync(servers, RoundsHost.Postgres, change: services => services.AddSingleton(new RoundsOptions { CheckpointRoundsMax = TrailsMax }), url: url);

    private static async Task GrowAsync(RoundsHost host)
    {
        for (var i = 0; i < Rounds; i++)
        {
            var opened = Game.Opened();
            await host.ApplyAsync(opened);
            await host.ApplyAsync(Game.Entered(opened.RoundId, 1, "1"));
        }
    }

    /// <summary>Makes checkpoints until all has grown and nothing is left; returns how many.</summary>
    private static async Task<int> FollowAsync(RoundsHost host, Task grown)
    {
        for (var made = 0; ;)
        {
            var isLast = grown.IsCompleted;
            if (await host.Get<RoundCheckpoints>().CheckpointAsync(Cancelled) > 0)
                made++;
            else if (isLast && await CountAsync(host, Bare) == 0)
                return made;
        }
    }

    private static Task<long> CountAsync(RoundsHost host, string sql) =>
        host.ReadAsync((db, token) => db.Database.SqlQueryRaw<long>(sql).SingleAsync(token));
}
