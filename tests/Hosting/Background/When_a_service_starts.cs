using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Payouts.Hosting.Background;

namespace Payouts.Hosting.Tests.Background;

/// <summary>Many first steps at once would hold every thread that the start needs.</summary>
public sealed class When_a_service_starts
{
    private readonly FakeTimeProvider _time = new();
    private readonly StartTurns _turns;

    public When_a_service_starts() => _turns = new StartTurns(_time);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 30_000)]
    public async Task Should_give_turns_after_all_else_and_one_after_the_other()
    {
        var first = _turns.TakeAsync(Cancelled);
        first.IsCompleted.ShouldBeFalse("the service has not started");
        _turns.Begin();
        var turn = (await first).ShouldNotBeNull();

        var second = _turns.TakeAsync(Cancelled);
        second.IsCompleted.ShouldBeFalse("it is another one's turn");
        turn.Dispose();
        (await second).ShouldNotBeNull();
    }

    /// <summary>A start waits for the broker for minutes; what needs the database alone goes on.</summary>
    [Fact(Timeout = 30_000)]
    public async Task Should_begin_them_although_the_start_takes_long()
    {
        var turn = _turns.TakeAsync(Cancelled);
        _time.Advance(StartTurns.StartMax - TimeSpan.FromMilliseconds(1));
        turn.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await turn).ShouldNotBeNull();
    }

    /// <summary>The network may be silent for whoever went first.</summary>
    [Fact(Timeout = 30_000)]
    public async Task Should_begin_one_although_another_one_does_not_end()
    {
        _turns.Begin();
        (await _turns.TakeAsync(Cancelled)).ShouldNotBeNull();

        (await _turns.TakeAsync(Cancelled)).ShouldBeNull("it goes on beside the other one");
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_make_its_first_step_in_its_turn_and_no_other()
    {
        using var loop = new Loop();
        loop.WaitFor(_turns);
        await loop.StartAsync(Cancelled);
        loop.Steps.ShouldBe(0);
        _turns.Begin();
        await loop.Stepped.Task;

        (await _turns.TakeAsync(Cancelled)).ShouldNotBeNull("its turn is over, and it goes on");
        await loop.SteppedAgain.Task;
        await loop.StopAsync(Cancelled);
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_stop_a_loop_that_still_waits()
    {
        using var loop = new Loop();
        loop.WaitFor(_turns);
        await loop.StartAsync(Cancelled);

        await loop.StopAsync(Cancelled);

        loop.Steps.ShouldBe(0);
        loop.ExecuteTask!.IsFaulted.ShouldBeFalse();
    }

    private sealed class Loop() : BackgroundLoop("testing", TimeProvider.System, NullLogger.Instance)
    {
        public TaskCompletionSource Stepped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource SteppedAgain { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Steps { get; private set; }

        protected override TimeSpan Pause => TimeSpan.FromMilliseconds(1);

        protected override Task<bool> StepAsync(CancellationToken cancellationToken)
        {
            Steps++;
            (Steps == 1 ? Stepped : SteppedAgain).TrySetResult();
            return Task.FromResult(false);
        }
    }
}
