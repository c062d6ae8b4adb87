using Microsoft.Extensions.Logging.Abstractions;
using Payouts.Hosting.Background;

namespace Payouts.Hosting.Tests.Background;

public sealed class When_a_service_stops
{
    /// <summary>What a step has claimed, nobody else takes up before the claim runs out: it is finished first.</summary>
    [Fact(Timeout = 30_000)]
    public async Task Should_finish_the_step_that_has_begun_and_begin_no_other()
    {
        using var loop = new Loop(TimeSpan.FromMinutes(10));
        await loop.StartAsync(TestContext.Current.CancellationToken);
        await loop.Begun.Task;

        var stopped = loop.StopAsync(CancellationToken.None);
        loop.Work.SetResult(true);
        await stopped;

        (loop.Steps, loop.Finished).ShouldBe((1, 1));
        loop.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_give_up_a_step_that_does_not_end()
    {
        using var loop = new Loop(TimeSpan.FromMilliseconds(1));
        await loop.StartAsync(TestContext.Current.CancellationToken);
        await loop.Begun.Task;

        await loop.StopAsync(CancellationToken.None);

        (loop.Steps, loop.Finished).ShouldBe((1, 0));
        loop.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private sealed class Loop(TimeSpan finishesWithin) : BackgroundLoop("testing", TimeProvider.System, NullLogger.Instance)
    {
        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource<bool> Work { get; } = new();

        public int Steps { get; private set; }

        public int Finished { get; private set; }

        protected override TimeSpan Pause => TimeSpan.FromHours(1);

        protected override TimeSpan FinishesWithin => finishesWithin;

        protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
        {
            Steps++;
            Begun.SetResult();
            var more = await Work.Task.WaitAsync(cancellationToken);
            Finished++;
            return more;
        }
    }
}
