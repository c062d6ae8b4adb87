namespace Payouts.Tests.Support.Tests;

public sealed class When_a_probe_waits
{
    [Fact(Timeout = 10_000)]
    public async Task Should_return_the_value_that_met_the_condition()
    {
        var reads = 0;
        var value = await Probe.Until("three reads", _ => Task.FromResult(++reads), read => read == 3, cancellationToken: TestContext.Current.CancellationToken);
        value.ShouldBe(3);
    }

    [Fact(Timeout = 10_000)]
    public async Task Should_say_what_it_waited_for_and_what_it_saw_last()
    {
        var failure = await Should.ThrowAsync<ProbeTimeoutException>(() =>
            Probe.Until("the round is settled", _ => Task.FromResult("CLOSED"), state => state == "SETTLED", TimeSpan.FromMilliseconds(200), cancellationToken: TestContext.Current.CancellationToken));
        failure.Message.ShouldContain("until the round is settled");
        failure.Message.ShouldContain("last saw 'CLOSED'");
    }

    [Fact(Timeout = 10_000)]
    public async Task Should_show_the_last_error_and_keep_it_as_the_cause()
    {
        var failure = await Should.ThrowAsync<ProbeTimeoutException>(() =>
            Probe.UntilPasses("it answers", _ => throw new InvalidOperationException("nobody listens"), TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken));
        failure.Message.ShouldContain("InvalidOperationException: nobody listens");
        failure.InnerException.ShouldBeOfType<InvalidOperationException>();
    }

    [Fact(Timeout = 10_000)]
    public async Task Should_not_wait_longer_than_the_deadline_for_a_read_that_hangs()
    {
        var never = new TaskCompletionSource<bool>();
        var failure = await Should.ThrowAsync<ProbeTimeoutException>(() =>
            Probe.Until("it answers", _ => never.Task, TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken));
        failure.Message.ShouldContain("did not come back");
    }

    [Fact(Timeout = 10_000)]
    public async Task Should_end_as_cancelled_when_the_test_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Should.ThrowAsync<OperationCanceledException>(() => Probe.Until("never", () => false, cancellationToken: cancelled.Token));
    }

    [Fact]
    public void Should_find_the_root_of_the_checkout() => File.Exists(RepositoryRoot.PathOf("payouts.slnx")).ShouldBeTrue();

    [Fact]
    public void Should_say_which_build_is_missing() =>
        Should.Throw<FileNotFoundException>(() => RepositoryRoot.AssemblyOf("services/none", "payouts-none")).Message.ShouldContain("dotnet build services/none");
}
