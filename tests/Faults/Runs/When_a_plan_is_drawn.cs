namespace Payouts.Tests.Faults.Runs;

public sealed class When_a_plan_is_drawn
{
    [Fact]
    public void Should_be_the_same_for_the_same_seed()
    {
        Text(1, 200).ShouldBe(Text(1, 200));
        Text(2, 200).ShouldNotBe(Text(1, 200));
    }

    [Fact]
    public void Should_begin_alike_however_long_it_is() => Text(3, 200)[..50].ShouldBe(Text(3, 50));

    /// <summary>Two hundred faults of any seed hold every kind, and kill each process more than once.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2026, 1)]
    [InlineData(1, 2)]
    [InlineData(2026, 2)]
    public void Should_hold_every_kind(int seed, int replicas)
    {
        var faults = FaultPlan.Draw(seed, 200, replicas).Select(planned => planned.Fault).ToList();
        faults.Count.ShouldBe(200);
        faults.Select(fault => fault.Kind.Split(':')[0]).Distinct().Order(StringComparer.Ordinal).ShouldBe(
        [
            "RPC half open", "RPC stalled", "broker half open", "broker restarted", "broker stalled", "broker unreachable",
            "connections to RPC cut", "connections to broker cut", "connections to database cut",
            "database crashed", "database half open", "database restarted", "database stalled", "database unreachable",
            "network", "process frozen", "process killed", "two processes killed at once",
        ]);
        foreach (var process in FaultPlan.Services.Append("local-signer").SelectMany(service => FaultPlan.ProcessesOf(service, replicas)))
            faults.OfType<Fault.Killed>().Count(killed => killed.Processes.Contains(process)).ShouldBeGreaterThan(1, process);
    }

    private static string[] Text(int seed, int count) => [.. FaultPlan.Draw(seed, count, replicas: 2).Select(x => $"{x.Number} {x.After} {Describe(x.Fault)}")];

    private static string Describe(Fault fault) => fault is Fault.Killed killed ? string.Join('+', killed.Processes) : fault.ToString();
}
