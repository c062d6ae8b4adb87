namespace Payouts.Tests.Support.Tests;

public sealed class When_a_service_runs_as_a_process
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Should_be_ready_with_its_own_settings_only()
    {
        Environment.SetEnvironmentVariable("PAYOUTS_LEAKED_FROM_THE_SHELL", "yes");
        await using var service = Create(new() { ["DATABASE_URL"] = "postgres://somewhere" });
        await service.StartAsync(Cancelled);
        (await service.Http.GetStringAsync("setting/DATABASE_URL", Cancelled)).ShouldBe("postgres://somewhere");
        (await service.Http.GetStringAsync("setting/PAYOUTS_LEAKED_FROM_THE_SHELL", Cancelled)).ShouldBe("(none)");
        (await service.Http.GetStringAsync("setting/MASSTRANSIT_USAGE_TELEMETRY", Cancelled)).ShouldBe("false");
        service.Output.ShouldContain("sample starts");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_lose_its_memory_and_keep_its_port_when_it_crashes()
    {
        await using var service = Create();
        await service.StartAsync(Cancelled);
        (await service.Http.GetStringAsync("count", Cancelled)).ShouldBe("1");
        (await service.Http.GetStringAsync("count", Cancelled)).ShouldBe("2");
        var first = service.ProcessId;
        await service.CrashAndRestartAsync(Cancelled);
        service.ProcessId.ShouldNotBe(first);
        (await service.Http.GetStringAsync("count", Cancelled)).ShouldBe("1");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_drain_when_it_is_stopped()
    {
        await using var service = Create();
        await service.StartAsync(Cancelled);
        (await service.StopAsync(Cancelled)).ShouldBe(0);
        service.IsRunning.ShouldBeFalse();
        await Probe.Until("its last line is captured", () => service.Output.Contains("drained", StringComparison.Ordinal), cancellationToken: Cancelled);
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_not_answer_while_it_is_frozen_and_answer_again_after()
    {
        await using var service = Create();
        await service.StartAsync(Cancelled);
        service.Pause();
        var answer = service.Http.GetStringAsync("count", Cancelled);
        await Should.ThrowAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(500), Cancelled));
        service.Resume();
        (await answer).ShouldBe("1");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_show_its_output_when_it_ends_instead_of_becoming_ready()
    {
        await using var service = new ServiceProcess(new ServiceProcessOptions { Assembly = Sample.Assembly, Arguments = ["fail"] });
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => service.StartAsync(Cancelled));
        failure.Message.ShouldContain("ended with code 3");
        failure.Message.ShouldContain("DATABASE_URL is missing");
    }

    [Fact(Timeout = 60_000)]
    public async Task Should_say_that_it_never_became_ready()
    {
        await using var service = new ServiceProcess(new ServiceProcessOptions
        {
            Assembly = Sample.Assembly,
            Environment = new Dictionary<string, string> { ["SAMPLE_READY"] = "never" },
            ReadyWithin = TimeSpan.FromSeconds(4),
        });
        var failure = await Should.ThrowAsync<ProbeTimeoutException>(() => service.StartAsync(Cancelled));
        failure.Message.ShouldContain("last saw '503'");
        failure.Message.ShouldContain("sample starts");
    }

    private static ServiceProcess Create(Dictionary<string, string>? settings = null) =>
        new(new ServiceProcessOptions { Assembly = Sample.Assembly, Environment = settings ?? [] });
}
