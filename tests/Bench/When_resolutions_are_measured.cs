using System.Text.Json;
using Payouts.Bench.Resolving;

namespace Payouts.Tests.Bench;

/// <summary>./run.sh bench resolve, in short: its figures are whole, and what they say about growth holds on any machine.</summary>
public sealed class When_resolutions_are_measured
{
    /// <summary>Ten times the players may take ten times as long for this many reasons (sorting, collected memory, caches); what is quadratic takes ten of them.</summary>
    private const int TimesAsLongForEachMax = 5;

    private const int Small = 1_000;
    private const int Large = 10_000;

    [Fact(Timeout = 300_000)]
    public async Task Should_take_about_as_long_for_each_player_in_a_large_round_as_in_a_small_one()
    {
        var file = Path.Combine(Path.GetTempPath(), $"payouts-bench-{Guid.NewGuid():N}.json");
        try
        {
            (await Payouts.Bench.CommandLine.RunAsync(["resolve", "--players", $"{Small}", $"{Large}", "--repeats", "3", "--json", file])).ShouldBe(0);
            var result = JsonSerializer.Deserialize<ResolveResult>(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), JsonSerializerOptions.Web)!;
            result.Rows.Select(row => (row.Players, row.Policy)).ShouldBe(from players in new[] { Small, Large } from policy in SampleRounds.Policies select (players, policy));
            result.Rows.ShouldAllBe(row => row.DecideMs > 0 && row.StoreMs > 0 && row.HashesMs > 0 && row.TrailInServerMs > 0 && row.OutboxInServerMs > 0 && row.BareWriteMs > 0 && row.CheckpointMs > 0);
            (result.CommitsPerSecond, result.CheckpointMs).ShouldSatisfyAllConditions(() => result.CommitsPerSecond.ShouldBeGreaterThan(0), () => result.CheckpointMs.ShouldBeGreaterThan(0));
            result.CheckpointTrails.ShouldBe(1_000);

            // All policies together: one of them alone is at the mercy of what else the machine does.
            double EachOf(int size) => result.Rows.Where(row => row.Players == size).Sum(row => row.TotalMs) / size;
            (EachOf(Large) / EachOf(Small)).ShouldBeLessThanOrEqualTo(TimesAsLongForEachMax);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
