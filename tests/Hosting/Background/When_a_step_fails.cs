using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Payouts.Hosting.Background;
using Payouts.Tests.Support;

namespace Payouts.Hosting.Tests.Background;

public sealed class When_a_step_fails
{
    /// <summary>An HTTP client's timeout is an OperationCanceledException too: it must not look like the service's stop.</summary>
    [Theory(Timeout = 30_000)]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(TaskCanceledException))]
    public async Task Should_go_on_after_a_pause(Type failure)
    {
        var clock = new FakeTimeProvider();
        using var loop = new Loop(clock, step => step == 1 ? throw (Exception)Activator.CreateInstance(failure)! : false);
        await loop.StartAsync(TestContext.Current.CancellationToken);
        await Probe.Until("the first step has failed", () => loop.Steps == 1);

        await Probe.Until("it went on", () =>
        {
            clock.Advance(Loop.Interval);
            return loop.Steps >= 3;
        });

        loop.ExecuteTask!.IsCompleted.ShouldBeFalse();
        await loop.StopAsync(CancellationToken.None);
        loop.ExecuteTask.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact(Timeout = 30_000)]
    public async Task Should_not_pause_while_there_is_more_to_do()
    {
        using var loop = new Loop(new FakeTimeProvider(), step => step < 100);
        await loop.StartAsync(TestContext.Current.CancellationToken);
        await Probe.Until("all is done without a pause", () => loop.Steps == 100);
        await loop.StopAsync(CancellationToken.None);
        loop.Steps.ShouldBe(100);
    }

    private sealed class Loop(TimeProvider time, Func<int, bool> step) : BackgroundLoop("testing", time, NullLogger.Instance)
    {
        public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

        public int Steps { get; private set; }

        protected override TimeSpan Pause => Interval;

        protected override async Task<bool> StepAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            return step(++Steps);
        }
    }
}
