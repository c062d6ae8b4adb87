using System.Collections.Concurrent;
using Payouts.Hosting.Messaging;
using Payouts.Hosting.Tests.Support;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Groups;

public sealed class When_callers_share_a_transaction(Servers servers)
{
    private const int TimeoutMs = 60_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory(Timeout = TimeoutMs)]
    [InlineData(SampleStore.Sqlite)]
    [InlineData(SampleStore.Postgres)]
    public async Task Should_take_together_what_came_while_the_last_one_ran(string database)
    {
        await using var store = await SampleStore.CreateAsync(servers, database);
        var groups = new ConcurrentQueue<IReadOnlyList<string>>();
        var (entered, gate) = (Gate(), Gate());
        await using var commit = new GroupCommit<SampleDb, string>(store.Units, async (items, unit, _) =>
        {
            groups.Enqueue([.. items]);
            entered.TrySetResult();
            await gate.Task;
            Write(items, unit);
        }, groupSizeMax: 8);

        var first = commit.RunAsync("0", Cancelled);
        await entered.Task;
        var others = Enumerable.Range(1, 10).Select(i => commit.RunAsync($"{i}", Cancelled)).ToList();
        first.IsCompleted.ShouldBeFalse("nobody is told before the commit");
        gate.SetResult();
        await Task.WhenAll([first, .. others]);

        groups.Select(x => x.Count).ShouldBe([1, 8, 2], "what waited went together, at most eight at once");
        (await store.FactsAsync()).Count.ShouldBe(11);
    }

    [Theory(Timeout = TimeoutMs)]
    [InlineData(SampleStore.Sqlite)]
    [InlineData(SampleStore.Postgres)]
    public async Task Should_isolate_poison_and_commit_its_neighbours_once(string database)
    {
        await using var store = await SampleStore.CreateAsync(servers, database);
        await using var gated = new Gated(store, items =>
        {
            if (items.Contains("poison"))
                throw new RefusedMessageException("Poison", "the test's own");
        });

        var outcomes = await gated.RunTogetherAsync("a", "poison", "b", "c");

        outcomes["poison"].ShouldBeOfType<RefusedMessageException>().Code.ShouldBe("Poison");
        new[] { "a", "b", "c" }.ShouldAllBe(x => outcomes[x] == null);
        (await store.FactsAsync()).ShouldBe(["a", "b", "c"]);
        await gated.Commit.RunAsync("later", Cancelled);
        (await store.FactsAsync()).ShouldContain("later");
    }

    /// <summary>When the database itself failed, nobody is poison: each is told, each is tried again by its own retry.</summary>
    [Theory(Timeout = TimeoutMs)]
    [InlineData(SampleStore.Sqlite)]
    [InlineData(SampleStore.Postgres)]
    public async Task Should_tell_everybody_of_a_failure_that_is_the_databases(string database)
    {
        await using var store = await SampleStore.CreateAsync(servers, database);
        var calls = 0;
        await using var gated = new Gated(store, _ =>
        {
            calls++;
            throw new Microsoft.EntityFrameworkCore.DbUpdateConcurrencyException("another writer was first");
        });

        var outcomes = await gated.RunTogetherAsync("a", "b", "c");

        outcomes.Values.ShouldAllBe(x => x is Microsoft.EntityFrameworkCore.DbUpdateConcurrencyException);
        calls.ShouldBe(1, "one by one they would fail the same way, and slower");
        (await store.FactsAsync()).ShouldBeEmpty();
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_leave_out_whoever_gave_up_waiting()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Sqlite);
        await using var gated = new Gated(store, _ => { });
        using var impatient = new CancellationTokenSource();
        await gated.OccupyAsync();
        var gone = gated.Commit.RunAsync("gone", impatient.Token);
        var stays = gated.Commit.RunAsync("stays", Cancelled);
        await impatient.CancelAsync();
        gated.Open();

        await Should.ThrowAsync<OperationCanceledException>(() => gone);
        await stays;
        (await store.FactsAsync()).ShouldBe(["stays"]);
    }

    [Fact(Timeout = TimeoutMs)]
    public async Task Should_tell_those_who_wait_that_it_ends()
    {
        await using var store = await SampleStore.CreateAsync(servers, SampleStore.Sqlite);
        var entered = Gate();
        var commit = new GroupCommit<SampleDb, string>(store.Units, async (_, _, token) =>
        {
            entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        var running = commit.RunAsync("running", Cancelled);
        await entered.Task;
        var waiting = commit.RunAsync("waiting", Cancelled);

        await commit.DisposeAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        await Should.ThrowAsync<System.Threading.Channels.ChannelClosedException>(() => commit.RunAsync("late", Cancelled));
        (await store.FactsAsync()).ShouldBeEmpty();
    }

    private static TaskCompletionSource Gate() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Write(IReadOnlyList<string> items, UnitOfWork<SampleDb> unit) =>
        unit.Db.Facts.AddRange(items.Select(x => new Fact { Id = Guid.CreateVersion7(), Text = x }));

    /// <summary>A first item occupies the loop until the gate opens, so that what follows forms one group.</summary>
    private sealed class Gated : IAsyncDisposable
    {
        private readonly TaskCompletionSource _entered = Gate();
        private readonly TaskCompletionSource _gate = Gate();
        private Task _first = Task.CompletedTask;

        public Gated(SampleStore store, Action<IReadOnlyList<string>> handle) => Commit = new GroupCommit<SampleDb, string>(store.Units, async (items, unit, _) =>
        {
            if (items.Contains("first"))
            {
                _entered.TrySetResult();
                await _gate.Task;
                return;
            }

            handle(items);
            Write(items, unit);
        });

        public GroupCommit<SampleDb, string> Commit { get; }

        public Task OccupyAsync()
        {
            _first = Commit.RunAsync("first", Cancelled);
            return _entered.Task;
        }

        public void Open() => _gate.TrySetResult();

        /// <summary>The outcome of each: null, or what it was told.</summary>
        public async Task<Dictionary<string, Exception?>> RunTogetherAsync(params string[] items)
        {
            await OccupyAsync();
            var running = items.ToDictionary(x => x, x => Commit.RunAsync(x, Cancelled));
            Open();
            await _first;
            await Task.WhenAll(running.Values).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return running.ToDictionary(x => x.Key, x => x.Value.Exception?.InnerException);
        }

        public async ValueTask DisposeAsync()
        {
            Open();
            await Commit.DisposeAsync();
        }
    }
}
