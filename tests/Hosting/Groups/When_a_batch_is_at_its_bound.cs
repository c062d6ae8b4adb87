using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Contracts;
using Payouts.Hosting.Database;
using Payouts.Hosting.DeadLetters;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Retention;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Groups;

/// <summary>What every service does in batches: one more than a batch takes a second step.</summary>
public sealed class When_a_batch_is_at_its_bound(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_take_100_callers_into_one_transaction()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Sqlite);
        var groups = new ConcurrentQueue<int>();
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var commit = new GroupCommit<SampleDb, int>(store.Units, async (items, _, _) =>
        {
            groups.Enqueue(items.Count);
            entered.TrySetResult();
            await gate.Task;
        });
        var running = new List<Task> { commit.RunAsync(0, Cancelled) };
        await entered.Task;
        running.AddRange(Enumerable.Range(1, 101).Select(i => commit.RunAsync(i, Cancelled)));
        gate.SetResult();
        await Task.WhenAll(running);

        groups.ShouldBe([1, 100, 1]);
    }

    /// <summary>Whoever finds no room waits outside; a queue of any length would be memory of any size.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(2)]
    [InlineData(10_000)]
    public async Task Should_let_no_more_callers_wait_than_there_is_room(int room)
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Sqlite);
        var (entered, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        GroupCommit<SampleDb, int>.GroupHandler handle = async (_, _, _) =>
        {
            entered.TrySetResult();
            await gate.Task;
        };
        await using var commit = room == 2 ? new GroupCommit<SampleDb, int>(store.Units, handle, waitingMax: 2) : new GroupCommit<SampleDb, int>(store.Units, handle);
        using var impatient = new CancellationTokenSource();
        var first = commit.RunAsync(0, Cancelled);
        await entered.Task;
        var inside = Enumerable.Range(1, room).Select(i => commit.RunAsync(i, impatient.Token)).ToList();
        var outside = commit.RunAsync(-1, impatient.Token);
        await impatient.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => outside);
        inside.ShouldAllBe(x => !x.IsCompleted, "those inside are told when their turn comes");
        gate.SetResult();
        await first;
        foreach (var member in inside)
            await Should.ThrowAsync<OperationCanceledException>(() => member);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_ship_200_messages_in_one_step()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Sqlite);
        await using var host = SampleHost.Build(store.Url, "inmemory", consumes: false);
        var bus = host.Get<IBusControl>();
        await bus.StartAsync(Cancelled);
        await host.DecideAsync(Enumerable.Range(0, 201).Select(n => new RoundSettled { RoundId = $"{n}", Owed = Stroops.Zero, Paid = Stroops.Zero, Payouts = 0 }));
        using var relay = new OutboxRelay<SampleDb>(store.Units, store.Database, bus, TimeProvider.System, NullLogger<OutboxRelay<SampleDb>>.Instance);

        (await relay.StepOnceAsync(Cancelled)).ShouldBeTrue();
        (await store.CountAsync("outbox")).ShouldBe(1);
        (await relay.StepOnceAsync(Cancelled)).ShouldBeTrue();
        (await store.CountAsync("outbox")).ShouldBe(0);
        (await relay.StepOnceAsync(Cancelled)).ShouldBeFalse();
        await bus.StopAsync(Cancelled);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(SampleStore.Sqlite)]
    [InlineData(SampleStore.Postgres)]
    public async Task Should_forget_5000_handled_messages_in_one_step(string database)
    {
        await using var store = await SampleStore.CreateAsync(servers, database);
        await store.ExecuteAsync(database == SampleStore.Postgres
            ? "insert into inbox select 'old', gen_random_uuid(), '2020-01-01 00:00:00+00' from generate_series(1, 5001)"
            : "with recursive n (i) as (select 1 union all select i + 1 from n where i < 5001) insert into inbox select 'old', hex(randomblob(16)), '2020-01-01 00:00:00.0000000' from n");
        using var cleaner = new InboxCleaner<SampleDb>(store.Units, TimeProvider.System, NullLogger<InboxCleaner<SampleDb>>.Instance);

        (await cleaner.StepOnceAsync(Cancelled)).ShouldBeTrue("there may be more");
        (await store.CountAsync("inbox")).ShouldBe(1);
        (await cleaner.StepOnceAsync(Cancelled)).ShouldBeFalse();
        (await store.CountAsync("inbox")).ShouldBe(0);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_forget_2000_rows_of_history_in_one_step()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Sqlite);
        await store.Units.RunAsync(unit =>
        {
            unit.Db.DeadLetters.AddRange(Enumerable.Range(0, 2001).Select(_ => new DeadLetter
            {
                Id = Guid.CreateVersion7(), Queue = "q", Body = [], Reason = "Test", Detail = "", DiedAt = unit.Now.AddDays(-50), ReplayedAt = unit.Now.AddDays(-40),
            }));
            return Task.FromResult(true);
        }, Cancelled);
        using var loop = new RetentionLoop<SampleDb>(
            store.Units, [new("dead_letters", "id", "dead_letters.replayed_at < $1")], new RetentionOptions(TimeSpan.FromDays(30)), TimeProvider.System, NullLogger<RetentionLoop<SampleDb>>.Instance);

        (await loop.StepOnceAsync(Cancelled)).ShouldBeTrue("there may be more");
        (await store.CountAsync("dead_letters")).ShouldBe(1);
        (await loop.StepOnceAsync(Cancelled)).ShouldBeFalse();
        (await store.CountAsync("dead_letters")).ShouldBe(0);
    }
}
