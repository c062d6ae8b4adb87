using Payouts.Tests.Simulation.Chance;

namespace Payouts.Tests.Simulation.Runs;

/// <summary>Many seeds, as many at once as the machine has cores: they share nothing.</summary>
internal static class Seeds
{
    /// <param name="report">Hears of each seed that ended, one at a time, with how many have.</param>
    public static async Task<(IReadOnlyList<RunResult> Failed, Tally Tally)> RunAsync(long from, long seeds, RunOptions options, Action<RunResult, long, long>? report = null)
    {
        var tally = new Tally();
        var failed = new List<RunResult>();
        var done = 0L;
        var gate = new Lock();
        var atOnce = options.Listener is null ? Environment.ProcessorCount : 1;
        await Parallel.ForEachAsync(Enumerable.Range(0, (int)seeds), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (offset, _) =>
        {
            var result = await Run.OfAsync(from + offset, options);
            lock (gate)
            {
                tally.Add(result.Tally);
                if (result.Failure is not null)
                    failed.Add(result);
                report?.Invoke(result, ++done, seeds);
            }
        });
        return ([.. failed.OrderBy(x => x.Seed)], tally);
    }
}
