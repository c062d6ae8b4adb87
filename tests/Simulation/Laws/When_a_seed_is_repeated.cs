using Payouts.Tests.Simulation.Runs;

namespace Payouts.Tests.Simulation.Laws;

/// <summary>A failing seed is worth something only when it fails again, in the same way.</summary>
public sealed class When_a_seed_is_repeated
{
    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(50)]
    [InlineData(62)]
    public async Task Should_do_the_same_to_the_last_line(long seed)
    {
        var first = await TracedAsync(seed);
        var second = await TracedAsync(seed);
        second.Lines.ShouldBe(first.Lines);
        second.Result.TraceHash.ShouldBe(first.Result.TraceHash);
        second.Result.Tally.ToString().ShouldBe(first.Result.Tally.ToString());
    }

    [Fact]
    public async Task Should_do_something_else_with_another_seed() =>
        (await TracedAsync(2)).Result.TraceHash.ShouldNotBe((await TracedAsync(1)).Result.TraceHash);

    private static async Task<(RunResult Result, IReadOnlyList<string> Lines)> TracedAsync(long seed)
    {
        var lines = new List<string>();
        return (await Run.OfAsync(seed, new RunOptions { Listener = lines.Add }), lines);
    }
}
