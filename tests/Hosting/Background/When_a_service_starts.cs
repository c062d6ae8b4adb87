using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Payouts.Hosting.Background;

namespace Payouts.Hosting.Tests.Background;

public sealed class When_a_service_starts
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<string> _steps = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Many first steps at once would hold every thread that the start needs.</summary>
    [Fact(Timeout = 30_000)]
    public async Task Should_begin_its_loops_after_all_else_and_one_after_the_other()
    {
        var turns = new StartTurns(_time);
        using Loop one = new("one", _steps), two = new("two", _steps);
        foreach (var loop in new[] { one, two })
        {
            loop.Await(turns);
            await loop.StartAsync(Cancelled);
        }

        await Task.Delay(50, Cancelled);
        _steps.ShouldBeEmpty("nothing has begun before the service has started");

        turns.Begin();
        var first = await Task.WhenAny(one.Begun.Task, two.Begun.Task);
        await Task.Delay(50, Cancelled);
        _steps.Count.ShouldBe(1, "the other one waits for its turn");
        (first == one.Begun.Task ? one : two).Work.SetResult(false);
        await Task.WhenAll(one.Begun.Task, two.Begun.Task);
        _steps.Count.ShouldBe(2);
        foreach (var loop in new[] { one, two })
        {
            loop.Work.TrySetResult(false);
            await loop.StopAsync(Cancelled);
        }
    }

    /// <summary>A start waits for the broker for minutes; what needs the database alone goes on.</summary>
    [Fact(Timeout = 30_000)]
    public async Task Should_begin_them_although_the_start_takes_long()
    {
        using Loop loop = new("one", _steps);
        loop.Await(new StartTurns(_time));
        await loop.StartAsync(Cancelled);

        while (!loop.Begun.Task.IsCompleted)
        {
            _time.Advance(StartTurns.StartMax);
            await Task.Delay(10, Cancelled);
        }

        loop.Work.SetResult(false);
        await loop.StopAsync(Cancelled);
    }

    /// <summary>The network may be silent for whoever went first.</summary>
    [Fact(Timeout = 30_000)]
    public async Task Should_begin_one_although_another_one_does_not_end()
    {
        var turns = new StartTurns(_time);
        turns.Begin();
        using Loop one = new("one", _steps), two = new("two", _steps);
        foreach (var loop in new[] { one, two })
        {
            loop.Await(turns);
            await loop.StartAsync(Cancelled);
        }

        await Task.WhenAll(one.Begun.Task, two.Begun.Task);
        foreach (var loop in new[] { one, two })
        {
            loop.Work.SetResult(false);
            await loop.StopAsync(Cancelled);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_stop_a_loop_that_still_waits()
    {
        using Loop loop = new("one", _steps);
        loop.Await(new StartTurns(_time));
        await loop.StartAsync(Cancelled);

        await loop.StopAsync(Cancelled);

        _steps.ShouldBeEmpty();
        loop.ExecuteTask!.IsFaulted.ShouldBeFalse();
    }

    private sealed class Loop(string name, ConcurrentQueue<string> steps) : BackgroundLoop("testing", TimeProvider.System, NullLogger.Instance)
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<bool> Work { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override TimeSpan Pause => TimeSpan.FromHours(1);

        protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
        {
            steps.Enqueue(name);
            Begun.SetResult();
            return await Work.Task.WaitAsync(cancellationToken);
        }
    }
}
